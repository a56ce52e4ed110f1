// want: race 'semop_up_down_x' 'semop_zero_x' 'semtimedop_up_down_x' 'message_x'
// flags: -O1 -D_GNU_SOURCE
/* What is done after is not. */
#define RACING
#include "system_v.h"
