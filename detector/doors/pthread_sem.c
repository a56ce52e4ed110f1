/* pthread_sem.c - POSIX semaphores. Any thread, and signal handlers for sem_post. */
#include "detector/doors/calls.h"
#include "detector/doors/interpose.h"
#include "detector/doors/stop.h"
#include "detector/doors/waits.h"

static int taken(sem_t *sem, int status, uintptr_t pc) {
    if (!status) GR__SYNC_TO(SEM_POST, sem, pc);
    return status;
}

GR__EXPORT int sem_init(sem_t *sem, int shared, unsigned value) {
    gr__object_fresh(sem, sizeof *sem);
    return REAL(sem_init)(sem, shared, value);
}
GR__EXPORT int sem_destroy(sem_t *sem) {
    gr__object_fresh(sem, sizeof *sem);
    return REAL(sem_destroy)(sem);
}
GR__EXPORT int sem_post(sem_t *sem) {
    GR__SYNC_FROM(SEM_POST, sem, PLACE);
    return REAL(sem_post)(sem);
}
static void stood(const uint64_t *wait) { gr__wait_end(*wait); }
static int stand(sem_t *sem, uintptr_t pc) {
    __attribute__((cleanup(stood), unused)) uint64_t wait = gr__wait_begin(GR__WAIT_SEM_WAIT, sem, pc);
    return REAL(sem_wait)(sem);
}
GR__EXPORT int sem_wait(sem_t *sem) {
    int value = 0;
    sem_getvalue(sem, &value); /* a try is no point of cancellation */
    return taken(sem, value > 0 ? REAL(sem_wait)(sem) : stand(sem, PLACE), PLACE);
}
GR__EXPORT int sem_trywait(sem_t *sem) { return taken(sem, REAL(sem_trywait)(sem), PLACE); }
GR__EXPORT int sem_timedwait(sem_t *restrict sem, const struct timespec *restrict until) {
    return taken(sem, GR__STANDING_IN(SEM_TIMEDWAIT, sem, PLACE, WAITS(REAL(sem_timedwait)(sem, until))), PLACE);
}
GR__EXPORT int sem_clockwait(sem_t *restrict sem, clockid_t clock,
                             const struct timespec *restrict until) {
    return taken(sem, GR__STANDING_IN(SEM_TIMEDWAIT, sem, PLACE, WAITS(REAL(sem_clockwait)(sem, clock, until))), PLACE);
}
