// want: fatal
// stderr: ^fatal error: go of nil func value$
// stderr: ^goroutine 1 \[running\]:
/* A goroutine has something to run. */
#include <gorace.h>

int main(void) {
    void (*nothing)(int) = NULL;
    go(nothing, 1);
    return 0;
}
