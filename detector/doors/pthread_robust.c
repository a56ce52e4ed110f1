/* pthread_robust.c - robust mutexes: whoever locks one whose owner died comes after all that the owner
 * did. Any thread. Programs without them pay for one load. */
#include "detector/doors/interpose.h"

uint32_t gr__robust_mutexes;

enum { FREE = 1 };
static gr__address_map holders; /* FREE, or by whom: value_of its id */

static uint64_t value_of(const gr__actor *actor) { return actor->id << 1; }

void gr__robust_gone(const pthread_mutex_t *mutex) {
    if (gr__robust_any() && gr__seen()) gr__address_put(&holders, mutex, 0);
}

void gr__robust_made(const pthread_mutex_t *mutex, const pthread_mutexattr_t *attributes) {
    int robust = PTHREAD_MUTEX_STALLED;
    if (attributes) pthread_mutexattr_getrobust(attributes, &robust);
    if (robust != PTHREAD_MUTEX_ROBUST) {
        gr__robust_gone(mutex);
        return;
    }
    GR__ADD(&gr__robust_mutexes, 1);
    if (gr__seen()) gr__address_put(&holders, mutex, FREE);
}

void gr__robust_locked(const volatile void *mutex) {
    if (gr__robust_any() && gr__seen() && gr__address_get(&holders, mutex))
        gr__address_put(&holders, mutex, value_of(gr__me));
}

void gr__robust_given(const volatile void *mutex) {
    if (gr__robust_any() && gr__address_get(&holders, mutex)) gr__address_put(&holders, mutex, FREE);
}

static void give(uintptr_t mutex) { gr__release(gr__me, mutex, gr__me->context); }

void gr__robust_owner_ends(void) {
    if (gr__robust_any()) gr__address_each(&holders, value_of(gr__me), give);
}
