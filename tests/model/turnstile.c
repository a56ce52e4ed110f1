/* turnstile.c - see turnstile.h. Any thread; all is atomic or handed on with the turn. */
#include "turnstile.h"

#include <sched.h>
#include <unistd.h>

/* After so many turns of waiting somebody's step takes long: a report is being printed. */
enum { PLACES = 64, PATIENCE = 50, NAP_US = 20, LONGEST_US = 1000 };

static unsigned turn; /* atomic */
static void (*yield)(void);
static void *kept[PLACES];

void turn_yield(void) { sched_yield(); }
void turn_begin(void (*how)(void)) {
    yield = how;
    __atomic_store_n(&turn, 0, __ATOMIC_SEQ_CST);
}
void turn_await(unsigned step) {
    unsigned seen = ~0u, now, waited = 0, nap = NAP_US;
    while ((now = __atomic_load_n(&turn, __ATOMIC_SEQ_CST)) != step) {
        if (now != seen) {
            waited = 0;
            nap = NAP_US;
        }
        seen = now;
        if (waited++ < PATIENCE) yield();
        else {
            usleep(nap);
            nap = 2 * nap < LONGEST_US ? 2 * nap : LONGEST_US;
        }
    }
}
void turn_pass(unsigned next) { __atomic_store_n(&turn, next, __ATOMIC_SEQ_CST); }
void turn_keep(unsigned place, void *what) { __atomic_store_n(&kept[place], what, __ATOMIC_SEQ_CST); }
void *turn_kept(unsigned place) { return __atomic_load_n(&kept[place], __ATOMIC_SEQ_CST); }
unsigned long turn_opaque(unsigned long n) { return n; }
