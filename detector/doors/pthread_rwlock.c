/* pthread_rwlock.c - readers-writer locks. Any thread.
 *
 * A lock is two objects: at its address what writers did, at the next byte what readers did. A writer
 * comes after both, a reader after writers. One call unlocks either; which it is says who holds it. */
#include "detector/doors/interpose.h"
#include "detector/doors/locks.h"
#include "detector/doors/waits.h"
#include "runtime/os/os.h"

#include <errno.h>

static const char *readers_of(const volatile void *lock) { return (const char *)lock + 1; }

static int read_locked(pthread_rwlock_t *lock, int status, unsigned flags, uintptr_t pc) {
    if (status) return status;
    GR__SYNC_TO(PTHREAD_RWLOCK_WRITE, lock, pc);
    gr__lock_taken(GR__LOCK_PTHREAD_RWLOCK, lock, flags | GR__HOLD_READ, pc);
    return status;
}
static int write_locked(pthread_rwlock_t *lock, int status, unsigned flags, uintptr_t pc) {
    if (status) return status;
    gr__lock_taken(GR__LOCK_PTHREAD_RWLOCK, lock, flags, pc);
    GR__SYNC_TO(PTHREAD_RWLOCK_WRITE, lock, pc);
    GR__SYNC_TO(PTHREAD_RWLOCK_READ, readers_of(lock), pc);
    return status;
}

GR__EXPORT int pthread_rwlock_init(pthread_rwlock_t *restrict lock,
                                   const pthread_rwlockattr_t *restrict attributes) {
    gr__object_fresh(lock, sizeof *lock);
    return REAL(pthread_rwlock_init)(lock, attributes);
}
GR__EXPORT int pthread_rwlock_destroy(pthread_rwlock_t *lock) {
    gr__lock_destroyed(GR__LOCK_PTHREAD_RWLOCK, lock, PLACE);
    gr__object_fresh(lock, sizeof *lock);
    return REAL(pthread_rwlock_destroy)(lock);
}
/* Does its writer give it up, after a while at most? */
static bool free_soon(const pthread_rwlock_t *lock) {
    for (int i = 0; i < GR__SOON; i++) {
        if (!GR__LOAD_RELAXED(&lock->__data.__cur_writer)) return true;
        gr__pause();
    }
    return false;
}
/* A writer that asks again is refused. */
#define TAKE(try, take, reason)                                                                   \
    int status = REAL(try)(lock);                                                                 \
    if (status == EBUSY && free_soon(lock)) status = REAL(try)(lock);                             \
    if (status == EBUSY) {                                                                        \
        bool is_ours = lock->__data.__cur_writer == gr__os_tid();                                 \
        uint64_t wait = is_ours ? 0 : gr__wait_begin(GR__WAIT_##reason, lock, pc);                \
        status = REAL(take)(lock);                                                                \
        gr__wait_end(wait);                                                                       \
    }

GR__EXPORT int pthread_rwlock_rdlock(pthread_rwlock_t *lock) {
    HERE;
    TAKE(pthread_rwlock_tryrdlock, pthread_rwlock_rdlock, PTHREAD_RWLOCK_RDLOCK)
    return read_locked(lock, status, 0, pc);
}
GR__EXPORT int pthread_rwlock_tryrdlock(pthread_rwlock_t *lock) {
    return read_locked(lock, REAL(pthread_rwlock_tryrdlock)(lock), GR__HOLD_TRY, PLACE);
}
GR__EXPORT int pthread_rwlock_timedrdlock(pthread_rwlock_t *restrict lock,
                                          const struct timespec *restrict until) {
    return read_locked(lock, REAL(pthread_rwlock_timedrdlock)(lock, until), GR__HOLD_TRY, PLACE);
}
GR__EXPORT int pthread_rwlock_clockrdlock(pthread_rwlock_t *restrict lock, clockid_t clock,
                                          const struct timespec *restrict until) {
    return read_locked(lock, REAL(pthread_rwlock_clockrdlock)(lock, clock, until), GR__HOLD_TRY, PLACE);
}
GR__EXPORT int pthread_rwlock_wrlock(pthread_rwlock_t *lock) {
    HERE;
    TAKE(pthread_rwlock_trywrlock, pthread_rwlock_wrlock, PTHREAD_RWLOCK_WRLOCK)
    return write_locked(lock, status, 0, pc);
}
GR__EXPORT int pthread_rwlock_trywrlock(pthread_rwlock_t *lock) {
    return write_locked(lock, REAL(pthread_rwlock_trywrlock)(lock), GR__HOLD_TRY, PLACE);
}
GR__EXPORT int pthread_rwlock_timedwrlock(pthread_rwlock_t *restrict lock,
                                          const struct timespec *restrict until) {
    return write_locked(lock, REAL(pthread_rwlock_timedwrlock)(lock, until), GR__HOLD_TRY, PLACE);
}
GR__EXPORT int pthread_rwlock_clockwrlock(pthread_rwlock_t *restrict lock, clockid_t clock,
                                          const struct timespec *restrict until) {
    return write_locked(lock, REAL(pthread_rwlock_clockwrlock)(lock, clock, until), GR__HOLD_TRY, PLACE);
}
GR__EXPORT int pthread_rwlock_unlock(pthread_rwlock_t *lock) {
    if (gr__me != &gr__nobody) {
        bool writer = gr__lock_written((uintptr_t)lock);
        gr__lock_given(GR__LOCK_PTHREAD_RWLOCK, lock, PLACE);
        if (writer) GR__SYNC_FROM(PTHREAD_RWLOCK_WRITE, lock, PLACE);
        else GR__SYNC_FROM(PTHREAD_RWLOCK_READ, readers_of(lock), PLACE);
    }
    return REAL(pthread_rwlock_unlock)(lock);
}
