// want: race
/* Two races, one after the other, and a status of its own: argument 1. Prints how many races counted. */
#include "../together.h"
#include <stdio.h>
#include <stdlib.h>

long first_victim, second_victim;

static void first(void) { first_victim++; }
static void second(void) { second_victim++; }

int main(int argc, char **argv) {
    together_in_threads(first, first);
    together_in_threads(second, second);
    printf("errors: %d\n", gr_race_errors() > 0);
    return argc > 1 ? atoi(argv[1]) : 0;
}
