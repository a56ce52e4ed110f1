// want: none
/* A handler comes after who armed the timer, on whatever thread it runs, a goroutine's among them. */
#include <gorace.h>
#include <semaphore.h>
#include <signal.h>
#include <string.h>
#include <sys/time.h>
#include <time.h>
#include <unistd.h>

int x, seen;
static sem_t came;

static void on_timer(int number) {
    (void)number;
    seen = x;
    sem_post(&came);
}
static void other(gr_chan *go_on) {
    gr_recv(go_on, NULL);
}
static void wait_for(int value, int *failed) {
    while (sem_wait(&came)) {}
    if (seen != value) *failed = 1;
}

int main(void) {
    struct itimerval soon = {{0, 0}, {0, 1000}};
    struct itimerspec just = {{0, 0}, {0, 1000000}};
    struct sigevent event;
    timer_t timer;
    int failed = 0;
    gr_chan *go_on = gr_make(int, 0);
    for (int i = 0; i < 10; i++) go(other, go_on);
    memset(&event, 0, sizeof event);
    event.sigev_notify = SIGEV_SIGNAL;
    event.sigev_signo = SIGRTMIN + 1;
    sem_init(&came, 0, 0);
    signal(SIGALRM, on_timer);
    signal(SIGRTMIN + 1, on_timer);
    if (timer_create(CLOCK_MONOTONIC, &event, &timer)) return 1;
    for (int i = 1; i <= 10; i++) {
        x = 2 * i;
        setitimer(ITIMER_REAL, &soon, NULL);
        wait_for(2 * i, &failed);
        x = 2 * i + 1;
        timer_settime(timer, 0, &just, NULL);
        wait_for(2 * i + 1, &failed);
    }
    x = 1;
    alarm(1);
    wait_for(1, &failed);
    timer_delete(timer);
    gr_close(go_on);
    return failed;
}
