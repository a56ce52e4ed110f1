/* pthread_rwlock.c - readers-writer locks. Any thread.
 *
 * A lock is two objects: at its address what writers did, at the next byte what readers did. A writer
 * comes after both, a reader after writers. One call unlocks either; which it is says the map of locks
 * that are held for writing. */
#include "detector/doors/interpose.h"

static gr__address_map writers;

static const char *readers_of(const volatile void *lock) { return (const char *)lock + 1; }

static int read_locked(pthread_rwlock_t *lock, int status, uintptr_t pc) {
    if (!status) GR__SYNC_TO(PTHREAD_RWLOCK_WRITE, lock, pc);
    return status;
}
static int write_locked(pthread_rwlock_t *lock, int status, uintptr_t pc) {
    if (status || !gr__seen()) return status;
    gr__address_put(&writers, lock, 1);
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
    return read_locked(lock, REAL(pthread_rwlock_rdlock)(lock), PLACE);
}
GR__EXPORT int pthread_rwlock_tryrdlock(pthread_rwlock_t *lock) {
    return read_locked(lock, REAL(pthread_rwlock_tryrdlock)(lock), PLACE);
}
GR__EXPORT int pthread_rwlock_timedrdlock(pthread_rwlock_t *restrict lock,
                                          const struct timespec *restrict until) {
    return read_locked(lock, REAL(pthread_rwlock_timedrdlock)(lock, until), PLACE);
}
GR__EXPORT int pthread_rwlock_clockrdlock(pthread_rwlock_t *restrict lock, clockid_t clock,
                                          const struct timespec *restrict until) {
    return read_locked(lock, REAL(pthread_rwlock_clockrdlock)(lock, clock, until), PLACE);
}
GR__EXPORT int pthread_rwlock_wrlock(pthread_rwlock_t *lock) {
    return write_locked(lock, REAL(pthread_rwlock_wrlock)(lock), PLACE);
}
GR__EXPORT int pthread_rwlock_trywrlock(pthread_rwlock_t *lock) {
    return write_locked(lock, REAL(pthread_rwlock_trywrlock)(lock), PLACE);
}
GR__EXPORT int pthread_rwlock_timedwrlock(pthread_rwlock_t *restrict lock,
                                          const struct timespec *restrict until) {
    return write_locked(lock, REAL(pthread_rwlock_timedwrlock)(lock, until), PLACE);
}
GR__EXPORT int pthread_rwlock_clockwrlock(pthread_rwlock_t *restrict lock, clockid_t clock,
                                          const struct timespec *restrict until) {
    return write_locked(lock, REAL(pthread_rwlock_clockwrlock)(lock, clock, until), PLACE);
}
GR__EXPORT int pthread_rwlock_unlock(pthread_rwlock_t *lock) {
    if (gr__seen()) {
        if (gr__address_put(&writers, lock, 0)) GR__SYNC_FROM(PTHREAD_RWLOCK_WRITE, lock, PLACE);
        else GR__SYNC_FROM(PTHREAD_RWLOCK_READ, readers_of(lock), PLACE);
    }
    return REAL(pthread_rwlock_unlock)(lock);
}
