// want: none
// status: 5
// args: end
/* Goroutines that pass a number around, sleep, and take a lock, all the time, with a timer's signals in between and a
 * child process; then a line is read, and everything ends with the status 5. For tests of `gorace goroutines`:
 * what it looks at must not notice. */
#include <gorace.h>
#include <pthread.h>
#include <signal.h>
#include <stdio.h>
#include <string.h>
#include <sys/time.h>
#include <sys/wait.h>
#include <unistd.h>

enum { RINGS = 4, LENGTH = 50 };

static gr_mutex mutex;
static gr_waitgroup ended;
static int stop, ticks, failures;
static long turns;

static int stopping(void) { return __atomic_load_n(&stop, __ATOMIC_RELAXED); }
static void on_tick(int number) {
    (void)number;
    __atomic_fetch_add(&ticks, 1, __ATOMIC_RELAXED);
}

static void pass(gr_chan *from, gr_chan *to) {
    long n;
    while (gr_recv(from, &n)) {
        if (n % LENGTH == 0) {
            gr_mutex_lock(&mutex);
            turns++;
            gr_mutex_unlock(&mutex);
        }
        n++;
        if (stopping() || !gr_try_send(to, &n)) break;
    }
    gr_close(to);
    gr_waitgroup_done(&ended);
}
static void sleeper(void) {
    while (!stopping()) {
        gr_duration before = gr_now();
        gr_sleep(GR_MILLISECOND);
        if (gr_now() - before < GR_MILLISECOND) failures++;
    }
    gr_waitgroup_done(&ended);
}

int main(int argc, char **argv) {
    char line[8];
    struct itimerval often = {{0, 2000}, {0, 2000}};
    signal(SIGALRM, on_tick);
    pid_t child = fork();
    if (child == 0) {
        pause();
        _exit(0);
    }
    gr_waitgroup_add(&ended, RINGS * LENGTH + 1);
    for (int r = 0; r < RINGS; r++) {
        gr_chan *channels[LENGTH];
        for (int i = 0; i < LENGTH; i++) channels[i] = gr_make(long, 1);
        for (int i = 0; i < LENGTH; i++) go(pass, channels[i], channels[(i + 1) % LENGTH]);
        gr_send(channels[0], &(long){0});
    }
    go(sleeper);
    setitimer(ITIMER_REAL, &often, NULL);
    puts("ready");
    fflush(stdout);
    if (argc < 2 || strcmp(argv[1], "end") != 0) {
        ssize_t n = gr_read(0, line, sizeof line);
        if (n < 0) failures++;
    } else {
        gr_sleep(20 * GR_MILLISECOND);
    }
    __atomic_store_n(&stop, 1, __ATOMIC_RELAXED);
    gr_waitgroup_wait(&ended);
    setitimer(ITIMER_REAL, &(struct itimerval){0}, NULL);
    int status = 0;
    if (waitpid(child, &status, WNOHANG) != 0) failures++; /* it still waits */
    kill(child, SIGTERM);
    if (waitpid(child, &status, 0) != child || !WIFSIGNALED(status) || WTERMSIG(status) != SIGTERM) failures++;
    const char *ticked = __atomic_load_n(&ticks, __ATOMIC_RELAXED) > 0 ? "ticked" : "silent";
    printf("%s %s failures: %d\n", turns > 0 ? "turned" : "stood", ticked, failures);
    return 5;
}
