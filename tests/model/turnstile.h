/* turnstile.h - lets the steps of a program come in their order, unseen: it is compiled without
 * instrumentation, so what it does orders nothing for the detector. For programs of emit.c. */
#ifndef GR_TESTS_MODEL_TURNSTILE_H
#define GR_TESTS_MODEL_TURNSTILE_H

void turn_begin(void (*yield)(void)); /* of a program: step 0 is next */
void turn_yield(void);                /* a thread's */
void turn_await(unsigned step);
void turn_pass(unsigned next);
/* What steps hand on to later ones without an access: blocks, threads. */
void turn_keep(unsigned place, void *what);
void *turn_kept(unsigned place);
unsigned long turn_opaque(unsigned long n); /* n, which the compiler does not know */

#endif
