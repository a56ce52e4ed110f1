/* pthread_cond.c - condition variables of pthreads and C11. Any thread.
 *
 * A signal orders nothing by itself: the waiter may wake for no reason, and what it relies on it reads
 * under the mutex, which is given up and taken again here. Built with -fexceptions, so that a wait
 * that is cancelled takes it again too. */
#include "detector/doors/calls.h"
#include "detector/doors/interpose.h"
#include "detector/doors/locks.h"
#include "detector/doors/waits.h"

typedef struct given { const volatile void *mutex; enum gr__lock_kind kind; bool was_held; uintptr_t pc; } given;

static given give(const volatile void *mutex, enum gr__lock_kind kind, uintptr_t pc) {
    given g = {mutex, kind, false, pc};
    if (gr__seen() && !gr__held_by(gr__me, (uintptr_t)mutex)) gr__lock_waits_without(kind, mutex, pc);
    if (!gr__seen() || !gr__mutex_gives((const pthread_mutex_t *)(uintptr_t)mutex)) return g;
    gr__lock_monitor((uintptr_t)mutex);
    g.was_held = gr__held_give(gr__me, (uintptr_t)mutex) == GR__GIVEN;
    GR__SYNC_FROM(PTHREAD_COND, mutex, pc);
    gr__robust_given(mutex);
    return g;
}
static void take_back(const given *g) {
    GR__SYNC_TO(PTHREAD_COND, g->mutex, g->pc);
    gr__robust_locked(g->mutex);
    if (g->was_held) gr__lock_taken(g->kind, g->mutex, 0, g->pc);
}

static void stood(const uint64_t *wait) { gr__wait_end(*wait); }

#define WAIT_FOR(mutex, kind, call)                                                               \
    __attribute__((cleanup(take_back), unused)) given g = give(mutex, kind, PLACE);               \
    call;
#define STANDING(cond, call)                                                                      \
    __attribute__((cleanup(stood), unused)) uint64_t wait =                                       \
        gr__wait_begin(GR__WAIT_PTHREAD_COND_WAIT, cond, PLACE);                                  \
    return call
#define TIMED(cond, call) return GR__STANDING_IN(PTHREAD_COND_TIMEDWAIT, cond, PLACE, call)
#define WAIT(mutex, call) WAIT_FOR(mutex, GR__LOCK_PTHREAD_MUTEX, call)

GR__EXPORT int pthread_cond_wait(pthread_cond_t *restrict cond, pthread_mutex_t *restrict mutex) {
    WAIT(mutex, STANDING(cond, REAL(pthread_cond_wait)(cond, mutex)))
}
GR__EXPORT int pthread_cond_timedwait(pthread_cond_t *restrict cond, pthread_mutex_t *restrict mutex,
                                      const struct timespec *restrict until) {
    WAIT(mutex, TIMED(cond, REAL(pthread_cond_timedwait)(cond, mutex, until)))
}
GR__EXPORT int pthread_cond_clockwait(pthread_cond_t *restrict cond, pthread_mutex_t *restrict mutex,
                                      clockid_t clock, const struct timespec *restrict until) {
    WAIT(mutex, TIMED(cond, REAL(pthread_cond_clockwait)(cond, mutex, clock, until)))
}
GR__EXPORT int cnd_wait(cnd_t *cond, mtx_t *mutex) {
    WAIT_FOR(mutex, GR__LOCK_MTX, STANDING(cond, REAL(cnd_wait)(cond, mutex)))
}
GR__EXPORT int cnd_timedwait(cnd_t *restrict cond, mtx_t *restrict mutex,
                             const struct timespec *restrict until) {
    WAIT_FOR(mutex, GR__LOCK_MTX, TIMED(cond, REAL(cnd_timedwait)(cond, mutex, until)))
}

/* Who waits may come later, and need not wait any more: what is held now is what he will look under. */
static void signalled(void) {
    if (gr__seen()) gr__held_monitor(gr__me);
}

GR__EXPORT int pthread_cond_signal(pthread_cond_t *cond) {
    signalled();
    return REAL(pthread_cond_signal)(cond);
}
GR__EXPORT int pthread_cond_broadcast(pthread_cond_t *cond) {
    signalled();
    return REAL(pthread_cond_broadcast)(cond);
}
GR__EXPORT int cnd_signal(cnd_t *cond) {
    signalled();
    return REAL(cnd_signal)(cond);
}
GR__EXPORT int cnd_broadcast(cnd_t *cond) {
    signalled();
    return REAL(cnd_broadcast)(cond);
}
