// want: none
/* Switched as usual, what one fiber does comes before what the next does. */
#define SWITCH_FLAGS 0
#include "race_fiber.c"
