/* pthread_mutex.c - mutexes and spin locks of pthreads and C11. Any thread. */
#include "detector/doors/calls.h"
#include "detector/doors/interpose.h"
#include "detector/doors/locks.h"
#include "detector/doors/waits.h"
#include "runtime/os/os.h"

#include <errno.h>

#pragma GCC diagnostic ignored "-Wnonnull-compare"

enum { KIND = 3, RECURSIVE = PTHREAD_MUTEX_RECURSIVE, CHECKED = PTHREAD_MUTEX_ERRORCHECK, ROBUST = 16 };

bool gr__mutex_gives(const pthread_mutex_t *mutex) {
    int kind = mutex->__data.__kind;
    if (GR__LIKELY((kind & KIND) != RECURSIVE && (kind & KIND) != CHECKED && !(kind & ROBUST))) return true;
    return mutex->__data.__owner == gr__os_tid() &&
           ((kind & KIND) != RECURSIVE || mutex->__data.__count <= 1);
}

static int locked(const volatile void *mutex, int status, unsigned flags, uintptr_t pc) {
    if (status == 0) GR__SYNC_TO(PTHREAD_MUTEX, mutex, pc);
    else if (status == EOWNERDEAD) GR__SYNC_TO(PTHREAD_ROBUST, mutex, pc); /* it is held all the same */
    else return status;
    gr__robust_locked(mutex);
    gr__lock_taken(GR__LOCK_PTHREAD_MUTEX, mutex, flags, pc);
    return status;
}

/* An unlock that does not let go says nothing: the object belongs to who holds the mutex. */
static void given(pthread_mutex_t *mutex, enum gr__lock_kind kind, uintptr_t pc) {
    if (gr__me == &gr__nobody) return;
    bool gives = gr__mutex_gives(mutex);
    if (gives) gr__lock_given(kind, mutex, pc);
    else gr__held_give(gr__me, (uintptr_t)mutex); /* an inner one of a recursive mutex, or none */
    if (!gives) return;
    GR__SYNC_FROM(PTHREAD_MUTEX, mutex, pc);
    gr__robust_given(mutex);
}

GR__EXPORT int pthread_mutex_init(pthread_mutex_t *mutex, const pthread_mutexattr_t *attributes) {
    gr__object_fresh(mutex, sizeof *mutex);
    gr__robust_made(mutex, attributes);
    return REAL(pthread_mutex_init)(mutex, attributes);
}
GR__EXPORT int pthread_mutex_destroy(pthread_mutex_t *mutex) {
    gr__lock_destroyed(GR__LOCK_PTHREAD_MUTEX, mutex, PLACE);
    int status = REAL(pthread_mutex_destroy)(mutex);
    if (!status) gr__object_fresh(mutex, sizeof *mutex);
    if (!status) gr__robust_gone(mutex);
    return status;
}
/* True when the plain mutex is ours, after a while at most (GR__SOON). */
static bool locked_soon(pthread_mutex_t *mutex) {
    if (mutex->__data.__kind) return false;
    for (int i = 0; i < GR__SOON; i++) {
        if (!GR__LOAD_RELAXED(&mutex->__data.__lock) && REAL(pthread_mutex_trylock)(mutex) == 0) return true;
        gr__pause();
    }
    return false;
}
/* An errorcheck mutex that is our own is no wait: the real call says so. */
static bool is_ours(const pthread_mutex_t *mutex) {
    return (mutex->__data.__kind & KIND) == CHECKED && mutex->__data.__owner == gr__os_tid();
}
GR__NOINLINE static int lock_or_wait(pthread_mutex_t *mutex, uintptr_t pc) {
    int status = REAL(pthread_mutex_trylock)(mutex);
    if (status != EBUSY) return status;
    gr__lock_refused(GR__LOCK_PTHREAD_MUTEX, mutex, pc);
    uint64_t wait = is_ours(mutex) ? 0 : gr__wait_begin(GR__WAIT_PTHREAD_MUTEX_LOCK, mutex, pc);
    status = REAL(pthread_mutex_lock)(mutex);
    gr__wait_end(wait);
    return status;
}
GR__EXPORT int pthread_mutex_lock(pthread_mutex_t *mutex) {
    int status = locked_soon(mutex) ? 0 : lock_or_wait(mutex, PLACE);
    return locked(mutex, status, 0, PLACE);
}
GR__EXPORT int pthread_mutex_trylock(pthread_mutex_t *mutex) {
    return locked(mutex, REAL(pthread_mutex_trylock)(mutex), GR__HOLD_TRY, PLACE);
}
GR__EXPORT int pthread_mutex_timedlock(pthread_mutex_t *restrict mutex,
                                       const struct timespec *restrict until) {
    int status = GR__STANDING_IN(PTHREAD_MUTEX_TIMEDLOCK, mutex, PLACE, REAL(pthread_mutex_timedlock)(mutex, until));
    return locked(mutex, status, GR__HOLD_TRY, PLACE);
}
GR__EXPORT int pthread_mutex_clocklock(pthread_mutex_t *restrict mutex, clockid_t clock,
                                       const struct timespec *restrict until) {
    int status = GR__STANDING_IN(PTHREAD_MUTEX_TIMEDLOCK, mutex, PLACE,
                                 REAL(pthread_mutex_clocklock)(mutex, clock, until));
    return locked(mutex, status, GR__HOLD_TRY, PLACE);
}
GR__EXPORT int pthread_mutex_unlock(pthread_mutex_t *mutex) {
    given(mutex, GR__LOCK_PTHREAD_MUTEX, PLACE);
    return REAL(pthread_mutex_unlock)(mutex);
}

/* --- C11 --- */

static int locked_c11(mtx_t *mutex, int status, unsigned flags, uintptr_t pc) {
    if (status != thrd_success) return status;
    GR__SYNC_TO(PTHREAD_MUTEX, mutex, pc);
    gr__lock_taken(GR__LOCK_MTX, mutex, flags, pc);
    return status;
}
GR__EXPORT int mtx_init(mtx_t *mutex, int type) {
    gr__object_fresh(mutex, sizeof *mutex);
    return REAL(mtx_init)(mutex, type);
}
GR__EXPORT void mtx_destroy(mtx_t *mutex) {
    gr__lock_destroyed(GR__LOCK_MTX, mutex, PLACE);
    gr__object_fresh(mutex, sizeof *mutex);
    REAL(mtx_destroy)(mutex);
}
GR__EXPORT int mtx_lock(mtx_t *mutex) {
    int status = REAL(mtx_trylock)(mutex);
    if (status == thrd_busy) {
        gr__lock_refused(GR__LOCK_MTX, mutex, PLACE);
        uint64_t wait = gr__wait_begin(GR__WAIT_PTHREAD_MUTEX_LOCK, mutex, PLACE);
        status = REAL(mtx_lock)(mutex);
        gr__wait_end(wait);
    }
    return locked_c11(mutex, status, 0, PLACE);
}
GR__EXPORT int mtx_trylock(mtx_t *mutex) {
    return locked_c11(mutex, REAL(mtx_trylock)(mutex), GR__HOLD_TRY, PLACE);
}
GR__EXPORT int mtx_timedlock(mtx_t *restrict mutex, const struct timespec *restrict until) {
    return locked_c11(mutex, REAL(mtx_timedlock)(mutex, until), GR__HOLD_TRY, PLACE);
}
GR__EXPORT int mtx_unlock(mtx_t *mutex) {
    given((pthread_mutex_t *)(void *)mutex, GR__LOCK_MTX, PLACE);
    return REAL(mtx_unlock)(mutex);
}

/* --- spin locks --- */

static int spun(pthread_spinlock_t *lock, int status, unsigned flags, uintptr_t pc) {
    if (status) return status;
    GR__SYNC_TO(PTHREAD_SPIN, lock, pc);
    gr__lock_taken(GR__LOCK_PTHREAD_SPIN, lock, flags, pc);
    return 0;
}
GR__EXPORT int pthread_spin_init(pthread_spinlock_t *lock, int shared) {
    gr__object_fresh(lock, sizeof *lock);
    return REAL(pthread_spin_init)(lock, shared);
}
GR__EXPORT int pthread_spin_destroy(pthread_spinlock_t *lock) {
    gr__lock_destroyed(GR__LOCK_PTHREAD_SPIN, lock, PLACE);
    gr__object_fresh(lock, sizeof *lock);
    return REAL(pthread_spin_destroy)(lock);
}
/* Who has it has it for short, or else for ever. */
static int spin(pthread_spinlock_t *lock, uintptr_t pc) {
    enum { TURNS = 10000 };
    for (int i = 0; i < TURNS; i++) {
        int status = REAL(pthread_spin_trylock)(lock);
        if (status != EBUSY) return status;
        gr__pause();
    }
    uint64_t wait = gr__wait_begin(GR__WAIT_PTHREAD_SPIN_LOCK, lock, pc);
    int status = REAL(pthread_spin_lock)(lock);
    gr__wait_end(wait);
    return status;
}
GR__EXPORT int pthread_spin_lock(pthread_spinlock_t *lock) { return spun(lock, spin(lock, PLACE), 0, PLACE); }
GR__EXPORT int pthread_spin_trylock(pthread_spinlock_t *lock) {
    return spun(lock, REAL(pthread_spin_trylock)(lock), GR__HOLD_TRY, PLACE);
}
GR__EXPORT int pthread_spin_unlock(pthread_spinlock_t *lock) {
    gr__lock_given(GR__LOCK_PTHREAD_SPIN, lock, PLACE);
    GR__SYNC_FROM(PTHREAD_SPIN, lock, PLACE);
    return REAL(pthread_spin_unlock)(lock);
}
