// want: race
/* A race, and then a death that leaves no time for anything. */
#include "../together.h"

#include <signal.h>

int x;

static void writer(void) {
    x++;
}

int main(void) {
    together_in_threads(writer, writer);
    raise(SIGKILL);
    return 0;
}
