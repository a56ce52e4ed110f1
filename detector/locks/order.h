/* order.h - which lock is taken while which is held, and what must come first. Doors use it through locks.h.
 *
 * An edge from one lock to another: somebody waited for the second while holding the first. Edges that close
 * a circle are a deadlock that another schedule may bring, unless the same actor made two of them, a third
 * lock is held over both (a gate), they only read, or something makes one come before the other each time.
 * Sources: Havelund, "Using Runtime Analysis to Guide Model Checking of Java Programs" (2000; gate locks);
 * Bensalem, Havelund, "Dynamic Deadlock Analysis of Multi-threaded Programs" (2005; segments between forks
 * and joins).
 */
#ifndef GR_DETECTOR_LOCKS_ORDER_H
#define GR_DETECTOR_LOCKS_ORDER_H

#include "detector/locks/internal.h"

/* Self has taken the lock of its last hold, waiting if need be, and holds others. */
void gr__order_taken(gr__actor *self);
/* The node's lock is no more. Under the lock of the records. */
void gr__order_gone(uint32_t node);
bool gr__order_open(void);

/* --- what must come first (before.c) ---
 *
 * Locks order what is done under them, but by luck: the other way round would do as well. Everything else that
 * synchronises (start and join of threads, channels, wait groups, barriers, a condition and its mutex) is
 * taken to order the same things each time. What comes first in this stricter sense is kept for edges only:
 * a time in which an actor makes edges and gives nothing to others has a number. Of these an actor knows those
 * of the present generation, a bit for each of 48; where generations differ, everything that orders counts.
 * So an order may be taken for a must that is none, and a deadlock be missed; the other way round not. */
typedef uint64_t gr__before; /* bits 63..48 generation, others one for each number in it */
enum { GR__NUMBERS = 48 };

static inline gr__before gr__before_join(gr__before a, gr__before b) {
    if (!a || !b) return a | b;
    int16_t newer = (int16_t)((a >> GR__NUMBERS) - (b >> GR__NUMBERS));
    return newer == 0 ? a | b : newer > 0 ? a : b;
}
enum gr__before_answer { GR__BEFORE_NOT, GR__BEFORE_SURELY, GR__BEFORE_UNKNOWN };
/* Does who knows this know that number? */
static inline enum gr__before_answer gr__before_has(gr__before knows, gr__before number) {
    if (!knows) return GR__BEFORE_NOT;
    int16_t newer = (int16_t)((knows >> GR__NUMBERS) - (number >> GR__NUMBERS));
    if (newer) return newer > 0 ? GR__BEFORE_UNKNOWN : GR__BEFORE_NOT;
    return knows & number & (((gr__before)1 << GR__NUMBERS) - 1) ? GR__BEFORE_SURELY : GR__BEFORE_NOT;
}
/* The number of self's present time; a new one if it has none. */
gr__before gr__before_number(gr__actor *self);
/* For others: all that self knows. Its present time ends. */
gr__before gr__before_publish(gr__actor *self);
void gr__before_add(gr__before *to, gr__before more); /* any thread */

#endif
