/* libc_file_lock.c - flock and fcntl's locks of open files as happens-before. Any thread; entries are
 * atomic.
 *
 * A lock of an open file keeps threads apart that have opened it each for itself. Which file it is tells
 * the number that the system knows it by; two files may fall on one carrier. POSIX's locks (F_SETLK, lockf)
 * belong to the process: they keep no threads apart and order nothing. */
#include "detector/doors/interpose.h"
#include "detector/doors/stop.h"

#include <errno.h>
#include <sys/file.h>
#include <sys/syscall.h>

enum { DESCRIPTORS = 1 << 16, CARRIERS = 1 << 12 };

static uint32_t locked[DESCRIPTORS]; /* atomic: who closes it gives back this one; 0: none */
static uint64_t carriers[CARRIERS];  /* never touched: their addresses are the engine's objects */

static uint32_t carrier_of(int fd) {
    struct stat file;
    int saved = errno, failed = REAL(fstat)(fd, &file);
    errno = saved;
    if (failed) return 0;
    uint64_t hash = (file.st_ino ^ (uint64_t)file.st_dev << 40) * 0x9e3779b97f4a7c15ull >> 32;
    return 1 + (uint32_t)(hash % (CARRIERS - 1));
}
static void got(int fd, uint32_t carrier, uintptr_t pc) {
    if (!carrier) return;
    GR__SYNC_TO(FILE_LOCK, &carriers[carrier], pc);
    if (fd >= 0 && fd < DESCRIPTORS) GR__STORE_RELAXED(&locked[fd], carrier);
}
static void gives_back(int fd, uintptr_t pc) {
    uint32_t carrier = fd >= 0 && fd < DESCRIPTORS ? GR__LOAD_RELAXED(&locked[fd]) : 0;
    if (carrier) GR__SYNC_FROM(FILE_LOCK, &carriers[carrier], pc);
}
void gr__file_lock_ends(int fd, uintptr_t pc) {
    if (fd < 0 || fd >= DESCRIPTORS || !GR__LOAD_RELAXED(&locked[fd])) return;
    if (syscall(SYS_getpid) != gr__process) return; /* the child of a vfork closes its own */
    gives_back(fd, pc);
    GR__STORE_RELAXED(&locked[fd], 0);
}

/* Who takes a shared lock for an exclusive one gives it back in between, so that comes first always. */
GR__EXPORT int flock(int fd, int operation) {
    gives_back(fd, PLACE);
    int failed = WAITS(REAL(flock)(fd, operation));
    if (!failed && !(operation & LOCK_UN)) got(fd, carrier_of(fd), PLACE);
    return failed;
}

static bool sets(int command) { return command == F_OFD_SETLK || command == F_OFD_SETLKW; }

void gr__file_lock_before(int fd, int command, const void *lock, uintptr_t pc) {
    READS(lock, sizeof(struct flock));
    if (sets(command)) gives_back(fd, pc); /* for another, or a part of it */
}
int gr__file_lock_after(int fd, int command, void *lock, int failed, uintptr_t pc) {
    if (failed) return failed;
    if (command == F_GETLK || command == F_OFD_GETLK) WRITES(lock, sizeof(struct flock));
    else if (sets(command) && ((struct flock *)lock)->l_type != F_UNLCK) got(fd, carrier_of(fd), pc);
    return failed;
}
