// want: fatal
// stderr: ^runtime: goroutine stack exceeds \d+-byte limit$
// stderr: ^fatal error: stack overflow$
// stderr: ^goroutine 2 \[running\]:\n(fall\(\)\n.*\n){10}
// stderr: ^\.\.\.(\d+|additional) frames elided\.\.\.\n(fall\(\)\n.*\n){10}
// stderr: ^fall\(\)\n.*\ndive\(\)\n.*\ncreated by main\n
/* The report of a stack overflow has both ends of the stack. */
#include <gorace.h>

static volatile int depth;

__attribute__((noinline)) static int fall(int n) {
    volatile char room[64];
    room[n % 64] = (char)n;
    depth++;
    return fall(n + 1) + room[n % 64];
}

static void dive(void) {
    depth = fall(0);
}

int main(void) {
    go(dive);
    gr_recv(gr_make(int, 0), NULL);
    return 0;
}
