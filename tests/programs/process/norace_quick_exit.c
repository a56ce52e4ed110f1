// want: none
/* A handler of a quick exit comes after who registered it. */
#include "quick_exit.h"
