// want: none
// args: 500
// full: 2000 storm
/* Threads that wait in every way there is, lock and allocate, while signals rain on them; all are cancelled.
 * With one more argument they are cancelled in the middle of their handlers too. */
#include <errno.h>
#include <pthread.h>
#include <signal.h>
#include <stdatomic.h>
#include <stdlib.h>
#include <string.h>
#include <sys/time.h>
#include <time.h>
#include <unistd.h>

static pthread_mutex_t lock = PTHREAD_MUTEX_INITIALIZER;
static pthread_cond_t never = PTHREAD_COND_INITIALIZER;
static int ends[2];
static atomic_long caught;
static atomic_int begun;
long shared, cleaned;
int lost;

static void on_signal(int number) {
    int saved = errno;
    char text[64];
    memset(text, number, sizeof text);
    atomic_fetch_add_explicit(&caught, text[7] != 0, memory_order_relaxed); /* orders nothing */
    errno = saved;
}

static void give_up(void *block) {
    cleaned++;
    pthread_mutex_unlock(&lock);
    free(block);
}

static void wait_in_some_way(long i) {
    struct timespec moment = {0, 1000000};
    char c;
    if (i % 3 == 0) nanosleep(&moment, NULL);
    else if (i % 3 == 1) read(ends[0], &c, 1);
    else pthread_testcancel();
}

static void *work(void *argument) {
    long i = (long)argument;
    atomic_fetch_add_explicit(&begun, 1, memory_order_relaxed);
#ifdef PLANTED
    if (i == 3 || i == 50) lost = 1;
#endif
    for (long turn = i;; turn++) {
        char *block = malloc((size_t)(turn % 300 + 1));
        memset(block, 1, (size_t)(turn % 300 + 1));
        pthread_mutex_lock(&lock);
        pthread_cleanup_push(give_up, block);
        shared += block[0];
        if (turn % 7 == 0) pthread_cond_wait(&never, &lock);
        pthread_cleanup_pop(0);
        pthread_mutex_unlock(&lock);
        free(block);
        wait_in_some_way(turn);
    }
    return NULL;
}

int main(int argc, char **argv) {
    int count = argc > 1 ? atoi(argv[1]) : 100;
    pthread_t *threads = malloc(sizeof *threads * (size_t)count);
    struct sigaction action = {.sa_handler = on_signal, .sa_flags = SA_RESTART};
    struct itimerval often = {{0, 2000}, {0, 2000}}, off = {{0, 0}, {0, 0}};
    sigaction(SIGUSR1, &action, NULL);
    sigaction(SIGALRM, &action, NULL);
    if (pipe(ends)) return 1;
    setitimer(ITIMER_REAL, &often, NULL);
    for (long i = 0; i < count; i++)
        if (pthread_create(&threads[i], NULL, work, (void *)i)) return 1;
    while (atomic_load_explicit(&begun, memory_order_relaxed) < count) sched_yield();
    for (int i = 0; i < 4 * count; i++) pthread_kill(threads[i * 7 % count], SIGUSR1);
    if (argc <= 2) {
        setitimer(ITIMER_REAL, &off, NULL);
        usleep(100000); /* until the last handlers have returned */
    }
    for (int i = 0; i < count; i++) pthread_cancel(threads[i]);
    int failed = 0;
    for (int i = 0; i < count; i++) {
        void *value = NULL;
        failed |= pthread_join(threads[i], &value) || value != PTHREAD_CANCELED;
    }
    setitimer(ITIMER_REAL, &off, NULL);
    free(threads);
    return failed || atomic_load(&caught) == 0;
}
