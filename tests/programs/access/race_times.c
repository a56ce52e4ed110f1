// want: race 'time_to_x' 'gettimeofday_to_x' 'clock_gettime_to_x' 'clock_getres_to_x' 'timespec_get_to_x'
// want: race 'nanosleep_of_x' 'clock_nanosleep_of_x' 'getitimer_to_x' 'setitimer_of_x' 'localtime_of_x'
// want: race 'gmtime_of_x' 'ctime_of_x' 'ctime_r_to_x' 'localtime_r_to_x' 'gmtime_r_to_x' 'asctime_of_x'
// want: race 'asctime_r_to_x' 'mktime_of_x' 'timegm_of_x' 'strftime_to_x' 'strftime_of_x' 'strptime_from_x'
// want: race 'strptime_to_x' 'timerfd_settime_of_x'
// flags: -O1 -D_GNU_SOURCE -fno-builtin
/* Clocks and calendars fill structures, and read them. */
#define RACING
#include "times.h"
