/* libc_time.c - clocks, calendars and random numbers: the structures they read and fill. Any thread.
 *
 * localtime, gmtime, asctime and ctime write one place for all threads, as C says of them. */
#include "detector/doors/calls.h"
#include "detector/doors/interpose.h"
#include "detector/doors/stop.h"

#pragma GCC diagnostic ignored "-Wnonnull-compare"

/* What a successful call has filled; NULL: it was not asked to. */
#define FILLS(status, where)                                                                      \
    int failed = (status);                                                                        \
    if (!failed && (where)) WRITES((where), sizeof *(where));                                     \
    return failed;

GR__EXPORT time_t time(time_t *now) {
    HERE;
    time_t t = REAL(time)(now);
    if (now) WRITES(now, sizeof *now);
    return t;
}
GR__EXPORT int gettimeofday(struct timeval *restrict now, void *restrict zone) {
    HERE;
    FILLS(REAL(gettimeofday)(now, zone), now)
}
GR__EXPORT int clock_gettime(clockid_t clock, struct timespec *now) {
    HERE;
    FILLS(REAL(clock_gettime)(clock, now), now)
}
GR__EXPORT int clock_getres(clockid_t clock, struct timespec *step) {
    HERE;
    FILLS(REAL(clock_getres)(clock, step), step)
}
GR__EXPORT int timespec_get(struct timespec *now, int base) {
    HERE;
    int done = REAL(timespec_get)(now, base);
    if (done) WRITES(now, sizeof *now);
    return done;
}
GR__EXPORT int nanosleep(const struct timespec *time, struct timespec *left) {
    HERE;
    READS(time, sizeof *time);
    int failed = GR__STANDING_IN(NANOSLEEP, 0, pc, WAITS(REAL(nanosleep)(time, left)));
    if (failed && left) WRITES(left, sizeof *left);
    return failed;
}
GR__EXPORT int clock_nanosleep(clockid_t clock, int flags, const struct timespec *time,
                               struct timespec *left) {
    HERE;
    READS(time, sizeof *time);
    int failed = GR__STANDING_IN(NANOSLEEP, 0, pc, WAITS(REAL(clock_nanosleep)(clock, flags, time, left)));
    if (failed && left && !(flags & TIMER_ABSTIME)) WRITES(left, sizeof *left);
    return failed;
}
GR__EXPORT int getitimer(__itimer_which_t which, struct itimerval *value) {
    HERE;
    FILLS(REAL(getitimer)(which, value), value)
}

/* --- calendars --- */

static struct tm *broken_down(const time_t *time, struct tm *to, uintptr_t pc) {
    READS(time, sizeof *time);
    if (to) WRITES(to, sizeof *to);
    return to;
}
GR__EXPORT struct tm *localtime(const time_t *time) {
    return broken_down(time, REAL(localtime)(time), PLACE);
}
GR__EXPORT struct tm *gmtime(const time_t *time) {
    return broken_down(time, REAL(gmtime)(time), PLACE);
}
GR__EXPORT struct tm *localtime_r(const time_t *restrict time, struct tm *restrict to) {
    return broken_down(time, REAL(localtime_r)(time, to), PLACE);
}
GR__EXPORT struct tm *gmtime_r(const time_t *restrict time, struct tm *restrict to) {
    return broken_down(time, REAL(gmtime_r)(time, to), PLACE);
}

static char *told(const void *from, size_t size, char *to, uintptr_t pc) {
    READS(from, size);
    WRITES_STRING(to);
    return to;
}
GR__EXPORT char *asctime(const struct tm *tm) {
    return told(tm, sizeof *tm, REAL(asctime)(tm), PLACE);
}
GR__EXPORT char *asctime_r(const struct tm *restrict tm, char *restrict to) {
    return told(tm, sizeof *tm, REAL(asctime_r)(tm, to), PLACE);
}
GR__EXPORT char *ctime(const time_t *time) { return told(time, sizeof *time, REAL(ctime)(time), PLACE); }
GR__EXPORT char *ctime_r(const time_t *time, char *to) {
    return told(time, sizeof *time, REAL(ctime_r)(time, to), PLACE);
}

/* They put its fields right. */
GR__EXPORT time_t mktime(struct tm *tm) {
    HERE;
    WRITES(tm, sizeof *tm);
    return REAL(mktime)(tm);
}
GR__EXPORT time_t timegm(struct tm *tm) {
    HERE;
    WRITES(tm, sizeof *tm);
    return REAL(timegm)(tm);
}
GR__EXPORT size_t strftime(char *restrict to, size_t room, const char *restrict format,
                           const struct tm *restrict tm) {
    HERE;
    size_t n = REAL(strftime)(to, room, format, tm);
    READS_STRING(format);
    READS(tm, sizeof *tm);
    if (n) WRITES(to, n + 1);
    return n;
}
GR__EXPORT char *strptime(const char *restrict s, const char *restrict format, struct tm *restrict tm) {
    HERE;
    char *end = REAL(strptime)(s, format, tm);
    READS_STRING(format);
    if (!end) return end;
    READS(s, (size_t)(end - s));
    WRITES(tm, sizeof *tm);
    return end;
}

/* --- random numbers whose state is the caller's --- */

GR__EXPORT int rand_r(unsigned *seed) {
    HERE;
    WRITES(seed, sizeof *seed);
    return REAL(rand_r)(seed);
}
static int drawn(struct random_data *state, int32_t *to, int failed, uintptr_t pc) {
    WRITES(state, sizeof *state);
    if (!failed && to) WRITES(to, sizeof *to);
    return failed;
}
GR__EXPORT int random_r(struct random_data *restrict state, int32_t *restrict to) {
    return drawn(state, to, REAL(random_r)(state, to), PLACE);
}
GR__EXPORT int srandom_r(unsigned seed, struct random_data *state) {
    return drawn(state, NULL, REAL(srandom_r)(seed, state), PLACE);
}
GR__EXPORT int initstate_r(unsigned seed, char *restrict memory, size_t size,
                           struct random_data *restrict state) {
    HERE;
    WRITES(memory, size);
    return drawn(state, NULL, REAL(initstate_r)(seed, memory, size, state), pc);
}
GR__EXPORT int drand48_r(struct drand48_data *restrict state, double *restrict to) {
    HERE;
    WRITES(state, sizeof *state);
    WRITES(to, sizeof *to);
    return REAL(drand48_r)(state, to);
}
GR__EXPORT int lrand48_r(struct drand48_data *restrict state, long *restrict to) {
    HERE;
    WRITES(state, sizeof *state);
    WRITES(to, sizeof *to);
    return REAL(lrand48_r)(state, to);
}
