/* stress.h - what the games of the stress program share. A game is a random program of goroutines whose
 * outcome is known: it runs until all its goroutines have ended, and checks. Its shape depends on its
 * seed alone; the schedule on luck. */
#ifndef STRESS_H
#define STRESS_H

#include <gorace.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

typedef struct dice { uint64_t state; } dice;

dice dice_of(uint64_t seed, uint64_t turn);
uint32_t below(dice *d, uint32_t n);                 /* a number in [0, n) */
uint32_t between(dice *d, uint32_t low, uint32_t high); /* both included */
static inline bool one_in(dice *d, uint32_t n) { return below(d, n) == 0; }

/* Now and then let others run, in one of several ways. */
void dawdle(dice *d);

/* Tells the place and the seed, and ends the program. */
_Noreturn void failed(const char *file, int line, const char *what);
#define CHECK(condition) ((condition) ? (void)0 : failed(__FILE__, __LINE__, #condition))

/* How much work: 1 in 'small' builds (sanitizers), more else. */
extern const uint32_t plenty;

void flow(uint64_t seed);       /* messages through layers of goroutines */
void storm(uint64_t seed);      /* selects in both directions on a few channels */
void locks(uint64_t seed);      /* mutexes, conditions, semaphores, once, wait groups */
void timers(uint64_t seed);     /* timers, tickers, sleeps, time-outs */
void threads(uint64_t seed);    /* threads that are not the runtime's, blocking calls */
void contexts(uint64_t seed);   /* trees of contexts that end from many sides */
void tree(uint64_t seed);       /* goroutines that start goroutines, and leave early */

#endif
