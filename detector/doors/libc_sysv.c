/* libc_sysv.c - System V's semaphores and queues of messages, known by their ids. Any thread. */
#include "detector/doors/interpose.h"
#include "detector/doors/stop.h"

enum { OBJECTS = 1 << 12 };
/* Never touched: the engine's objects. What adds to a semaphore orders who takes of it, what takes of it who
 * waits for zero. */
static uint64_t given_to[OBJECTS], taken_from[OBJECTS], queues[OBJECTS];

static const void *of(const uint64_t *objects, int id) { return &objects[(unsigned)id % OBJECTS]; }

static void before(int id, const struct sembuf *operations, size_t n, uintptr_t pc) {
    READS(operations, n * sizeof *operations);
    bool gives = false, takes = false;
    for (size_t i = 0; i < n; i++) {
        gives |= operations[i].sem_op > 0;
        takes |= operations[i].sem_op < 0;
    }
    if (gives) GR__SYNC_FROM(SYSTEM_V, of(given_to, id), pc);
    if (takes) GR__SYNC_FROM(SYSTEM_V, of(taken_from, id), pc);
}
static int after(int id, const struct sembuf *operations, size_t n, int failed, uintptr_t pc) {
    bool takes = false, waits = false;
    for (size_t i = 0; i < n && !failed; i++) {
        takes |= operations[i].sem_op < 0;
        waits |= operations[i].sem_op == 0;
    }
    if (takes) GR__SYNC_TO(SYSTEM_V, of(given_to, id), pc);
    if (waits) GR__SYNC_TO(SYSTEM_V, of(taken_from, id), pc);
    return failed;
}
GR__EXPORT int semop(int id, struct sembuf *operations, size_t n) {
    before(id, operations, n, PLACE);
    return after(id, operations, n, WAITS(REAL(semop)(id, operations, n)), PLACE);
}
GR__EXPORT int semtimedop(int id, struct sembuf *operations, size_t n, const struct timespec *timeout) {
    before(id, operations, n, PLACE);
    return after(id, operations, n, WAITS(REAL(semtimedop)(id, operations, n, timeout)), PLACE);
}

/* A message is its type and then so many bytes. */
GR__EXPORT int msgsnd(int id, const void *message, size_t n, int flags) {
    HERE;
    READS(message, sizeof(long) + n);
    GR__SYNC_FROM(SYSTEM_V, of(queues, id), pc);
    return WAITS(REAL(msgsnd)(id, message, n, flags));
}
GR__EXPORT ssize_t msgrcv(int id, void *message, size_t room, long type, int flags) {
    HERE;
    ssize_t n = WAITS(REAL(msgrcv)(id, message, room, type, flags));
    if (n < 0) return n;
    GR__SYNC_TO(SYSTEM_V, of(queues, id), pc);
    WRITES(message, sizeof(long) + (size_t)n);
    return n;
}
