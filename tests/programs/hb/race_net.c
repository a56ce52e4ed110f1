// want: race reader
/* gr_read writes its buffer, after a gr_write through another pipe, which orders nothing. */
#include "../together.h"

#include <unistd.h>

char buffer[8];
static int a[2], b[2];
static atomic_int step;

static void writer(void) {
    buffer[0] = 'x';
    if (gr_write(a[1], "x", 1) != 1) return;
    step_to(&step, 1);
}
static void reader(void) {
    if (gr_write(b[1], "xyz", 3) != 3) return;
    step_wait(&step, 1);
    if (gr_read(b[0], buffer, sizeof buffer) != 3) return;
}

int main(void) {
    if (pipe(a) || pipe(b)) return 1;
    together(writer, reader);
    return 0;
}
