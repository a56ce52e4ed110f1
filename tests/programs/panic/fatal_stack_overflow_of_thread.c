// want: fatal
// stderr: ^runtime: goroutine stack exceeds \d+-byte limit$
// stderr: ^fatal error: stack overflow$
// stderr: ^goroutine \d+ \[running\]:\n(fall\(\)\n.*\n){10}
// stderr: ^\.\.\.(\d+|additional) frames elided\.\.\.\n(fall\(\)\n.*\n){10}
// stderr: ^fall\(\)\n.*\ndive\(\)\n
/* And so can that of a thread which has used the runtime. */
#include <gorace.h>
#include <pthread.h>

static volatile int depth;

__attribute__((noinline)) static int fall(int n) {
    volatile char room[64];
    room[n % 64] = (char)n;
    depth++;
    return fall(n + 1) + room[n % 64];
}

static void *dive(void *unused) {
    gr_goid();
    depth = fall(0);
    return unused;
}

int main(void) {
    pthread_t thread;
    pthread_create(&thread, NULL, dive, NULL);
    pthread_join(thread, NULL);
    return 0;
}
