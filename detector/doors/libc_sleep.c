/* libc_sleep.c - calls that only wait. Any thread. Built with -fexceptions: see WAITS. */
#include "detector/doors/interpose.h"
#include "detector/doors/stop.h"

GR__EXPORT unsigned sleep(unsigned seconds) { return WAITS(REAL(sleep)(seconds)); }
GR__EXPORT int usleep(useconds_t us) { return WAITS(REAL(usleep)(us)); }
GR__EXPORT int thrd_sleep(const struct timespec *time, struct timespec *left) {
    HERE;
    READS(time, sizeof *time);
    int failed = WAITS(REAL(thrd_sleep)(time, left));
    if (failed && left) WRITES(left, sizeof *left);
    return failed;
}
GR__EXPORT int pause(void) { return WAITS(REAL(pause)()); }
GR__EXPORT int sigsuspend(const sigset_t *mask) {
    gr__read_range(mask, sizeof *mask, PLACE);
    return WAITS(REAL(sigsuspend)(mask));
}
