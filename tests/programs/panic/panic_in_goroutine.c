// want: panic
// stderr: ^panic: out of luck$
// stderr: ^goroutine [2-9]\d* \[running\]:
/* A panic in any goroutine ends the process, and the dump begins with that one. */
#include <gorace.h>

static void failing(void) {
    gr_panic("out of %s", "luck");
}

int main(void) {
    go(failing);
    gr_recv(gr_make(int, 0), NULL);
    return 0;
}
