// want: race 'by_quick_exit'
/* But not after what that one did next. */
#define RACING
#include "quick_exit.h"
