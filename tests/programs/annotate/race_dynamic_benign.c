// want: race
/* Counters that may be off by a few. */
#include "../annotations.h"

struct { long calls, bytes, spare[2]; } statistics;
int flag;
static atomic_int step;

static void user(void) {
    statistics.calls++;
    statistics.spare[1]++;
    flag = 1;
}

int main(void) {
    ANNOTATE(AnnotateBenignRaceSized(HERE, &statistics, sizeof statistics, "may be off by a few"));
    ANNOTATE(AnnotateBenignRace(HERE, &flag, "set once"));
    together_in_threads(user, user);
    return step;
}
