// want: fatal
// stderr: ^fatal error: no goroutines \(main called runtime\.Goexit\) - deadlock!$
/* main has ended without ending the program, and the last of the others too. */
#include <gorace.h>

static void last(void) {}

int main(void) {
    go(last);
    gr_goexit();
}
