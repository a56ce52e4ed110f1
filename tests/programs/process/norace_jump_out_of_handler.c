// want: none
// stdout: ^200$
/* Handlers leave by siglongjmp, wherever their thread was: nothing stays locked, nothing goes unseen. */
#include <setjmp.h>
#include <signal.h>
#include <pthread.h>
#include <stdatomic.h>
#include <stdio.h>
#include <sys/time.h>

static sigjmp_buf back;
static volatile sig_atomic_t may_jump;
static atomic_int word;
static int table[1000], jumps;

static void on_alarm(int number) {
    (void)number;
    if (may_jump) siglongjmp(back, 1);
}
static void *other(void *unused) {
    for (int i = 0; i < 100; i++) atomic_fetch_add(&word, 1);
    return unused;
}

int main(void) {
    struct itimerval often = {{0, 300}, {0, 300}}, never = {{0, 0}, {0, 0}};
    pthread_t thread;
    signal(SIGALRM, on_alarm);
    setitimer(ITIMER_REAL, &often, NULL);
    while (jumps < 200) {
        if (sigsetjmp(back, 1)) {
            may_jump = 0;
            jumps++;
        }
        may_jump = 1;
        for (unsigned i = 0; jumps < 200; i++) {
            atomic_fetch_add(&word, 1);
            table[i % 1000]++;
        }
    }
    may_jump = 0;
    setitimer(ITIMER_REAL, &never, NULL);
    pthread_create(&thread, NULL, other, NULL);
    pthread_join(thread, NULL);
    printf("%d\n", jumps);
    return 0;
}
