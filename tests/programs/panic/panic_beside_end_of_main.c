// want: panic
// stderr: ^panic: the other's words$
/* main returns while another goroutine panics: the program still ends as that one says. A panic flushes what was
 * printed, so main knows when it has begun. */
#include <gorace.h>
#include <stdio.h>
#include <unistd.h>

static void panics(void) {
    putchar('x');
    gr_panic("%s", "the other's words");
}

int main(void) {
    static char buffer[64];
    int ends[2];
    char c;
    if (pipe(ends) != 0 || dup2(ends[1], STDOUT_FILENO) < 0) return 1;
    setvbuf(stdout, buffer, _IOFBF, sizeof buffer);
    go(panics);
    gr_read(ends[0], &c, 1);
    return 0;
}
