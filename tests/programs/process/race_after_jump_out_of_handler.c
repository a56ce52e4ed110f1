// want: race writer
// stderr: (?s)\A(?!.*far_down)
/* After a handler has jumped out of whatever its thread did, what the thread does is seen, and the stack
 * shows nothing that was jumped out of. */
#include <pthread.h>
#include <setjmp.h>
#include <signal.h>
#include <stdatomic.h>
#include <sys/time.h>

int x;
static sigjmp_buf back;
static atomic_int word;

static void on_alarm(int number) {
    (void)number;
    siglongjmp(back, 1);
}
__attribute__((noinline)) static void far_down(int depth) {
    if (depth) far_down(depth - 1);
    for (;;) atomic_fetch_add(&word, 1);
}
static void *writer(void *unused) {
    x++;
    return unused;
}

int main(void) {
    pthread_t thread;
    struct itimerval soon = {{0, 0}, {0, 2000}};
    signal(SIGALRM, on_alarm);
    for (volatile int i = 0; i < 20; i++) {
        setitimer(ITIMER_REAL, &soon, NULL);
        if (!sigsetjmp(back, 1)) far_down(30);
    }
    pthread_create(&thread, NULL, writer, NULL);
    writer(NULL);
    pthread_join(thread, NULL);
    return 0;
}
