/* times.h - what the calls of times.def are made with. */
#include <stdio.h>
#include <sys/time.h>
#include <sys/timerfd.h>
#include <time.h>

typedef struct { time_t n; char more; } number;
typedef struct { struct timeval of; char more; } of_day;
typedef struct { struct timespec of; char more; } moment;
typedef struct { struct itimerval of; char more; } timer;
typedef struct { struct itimerspec of; char more; } alarm_time;
typedef struct { struct tm of; } calendar;
typedef struct { char s[32]; } text;

static time_t now;
static struct tm day = {.tm_mday = 1};
static char line[16];
static int alarm_fd;

#define CASES "times.def"
#include "cases.h"

int main(void) {
    alarm_fd = timerfd_create(CLOCK_MONOTONIC, 0);
    run_cases();
    (void)line;
    return 0;
}
