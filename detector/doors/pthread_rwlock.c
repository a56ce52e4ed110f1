/* pthread_rwlock.c - readers-writer locks. Any thread.
 *
 * A lock is two objects: at its address what writers did, at the next byte what readers did. A writer
 * comes after both, a reader after writers. One call unlocks either; which it is says who holds it. */
#include "detector/doors/interpose.h"
#include "detector/doors/locks.h"

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
    gr__object_fresh(lock, sizeof *lock);
    return REAL(pthread_rwlock_destroy)(lock);
}
GR__EXPORT int pthread_rwlock_rdlock(pthread_rwlock_t *lock) {
    return read_locked(lock, REAL(pthread_rwlock_rdlock)(lock), 0, PLACE);
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
    return write_locked(lock, REAL(pthread_rwlock_wrlock)(lock), 0, PLACE);
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
        gr__held_give(gr__me, (uintptr_t)lock);
        if (writer) GR__SYNC_FROM(PTHREAD_RWLOCK_WRITE, lock, PLACE);
        else GR__SYNC_FROM(PTHREAD_RWLOCK_READ, readers_of(lock), PLACE);
    }
    return REAL(pthread_rwlock_unlock)(lock);
}
