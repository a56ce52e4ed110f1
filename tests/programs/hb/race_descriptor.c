// want: race
/* Another pipe orders nothing, and neither does a write that comes too late. */
#include "../together.h"

#include <unistd.h>

int x;
static int a[2], b[2];
static atomic_int step;

static void writer(void) {
    if (write(a[1], "x", 1) != 1) return;
    x = 1;
    step_to(&step, 1);
    if (write(a[1], "y", 1) != 1) return;
}
static void reader(void) {
    char c;
    if (write(b[1], "x", 1) != 1 || read(b[0], &c, 1) != 1) return;
    step_wait_in_thread(&step, 1);
    x++;
}

int main(void) {
    if (pipe(a) || pipe(b)) return 1;
    together_in_threads(writer, reader);
    return 0;
}
