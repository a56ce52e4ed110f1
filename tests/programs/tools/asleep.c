// want: none
// status: 3
// args: end
/* Threads that wait in every way, and one that runs; then a line is read, and everything ends. For tests of
 * `gorace goroutines`: the last line that is printed says how many calls were interrupted. */
#include <errno.h>
#include <pthread.h>
#include <semaphore.h>
#include <signal.h>
#include <stdio.h>
#include <string.h>
#include <sys/epoll.h>
#include <sys/eventfd.h>
#include <sys/ipc.h>
#include <sys/sem.h>
#include <unistd.h>

#define CALL __attribute__((noinline, noclone)) static

static pthread_mutex_t held = PTHREAD_MUTEX_INITIALIZER, other = PTHREAD_MUTEX_INITIALIZER;
static pthread_cond_t never = PTHREAD_COND_INITIALIZER;
static sem_t empty;
static pthread_t joined;
static int done, locked, begun, interrupted, ending, in_epoll, group;

static void begin(void) { __atomic_fetch_add(&begun, 1, __ATOMIC_RELAXED); }
static void count_if_interrupted(int status) {
    if (status < 0 && errno == EINTR && !__atomic_load_n(&ending, __ATOMIC_RELAXED))
        __atomic_fetch_add(&interrupted, 1, __ATOMIC_RELAXED);
}

CALL void lock_it(void) {
    pthread_mutex_lock(&held); /* locker waits */
    locked++;
    pthread_mutex_unlock(&held);
}
static void *locker(void *unused) {
    begin();
    lock_it();
    return unused;
}
static void *waiter(void *unused) {
    begin();
    pthread_mutex_lock(&other);
    while (!done) pthread_cond_wait(&never, &other);
    pthread_mutex_unlock(&other);
    return unused;
}
static void *taker(void *unused) {
    begin();
    sem_wait(&empty);
    return unused;
}
static void *joiner(void *unused) {
    begin();
    pthread_join(joined, NULL);
    return unused;
}
static void *poller(void *unused) {
    struct epoll_event event;
    begin();
    count_if_interrupted(epoll_wait(in_epoll, &event, 1, -1));
    return unused;
}
static void *signalled(void *unused) {
    sigset_t set;
    siginfo_t info;
    sigemptyset(&set);
    sigaddset(&set, SIGUSR1);
    begin();
    count_if_interrupted(sigwaitinfo(&set, &info));
    return unused;
}
static void *operator(void *unused) {
    struct sembuf take = {0, -1, 0};
    begin();
    count_if_interrupted(semop(group, &take, 1));
    return unused;
}
CALL void run_on(void) {
    while (!__atomic_load_n(&ending, __ATOMIC_RELAXED)) {} /* runner runs */
}
static void *runner(void *unused) {
    begin();
    run_on();
    return unused;
}

int main(int argc, char **argv) {
    static void *(*const all[])(void *) = {runner, locker, waiter, taker, joiner, poller, signalled, operator};
    enum { COUNT = sizeof all / sizeof all[0] };
    pthread_t threads[COUNT];
    sigset_t set;
    char line[8];
    sigemptyset(&set);
    sigaddset(&set, SIGUSR1);
    pthread_sigmask(SIG_BLOCK, &set, NULL);
    sem_init(&empty, 0, 0);
    in_epoll = epoll_create1(0);
    int event = eventfd(0, 0);
    epoll_ctl(in_epoll, EPOLL_CTL_ADD, event, &(struct epoll_event){.events = EPOLLIN});
    group = semget(IPC_PRIVATE, 1, 0600);
    pthread_mutex_lock(&held);
    for (int i = 0; i < COUNT; i++) {
        pthread_create(&threads[i], NULL, all[i], NULL);
        if (all[i] == locker) joined = threads[i];
    }
    while (__atomic_load_n(&begun, __ATOMIC_RELAXED) < COUNT) usleep(1000);
    usleep(100000);
    puts("ready");
    fflush(stdout);
    if (argc < 2 || strcmp(argv[1], "end") != 0) fgets(line, sizeof line, stdin);
    __atomic_store_n(&ending, 1, __ATOMIC_RELAXED);
    pthread_mutex_unlock(&held);
    sem_post(&empty);
    pthread_kill(threads[6], SIGUSR1);
    semop(group, &(struct sembuf){0, 1, 0}, 1);
    eventfd_write(event, 1);
    for (int i = 0; i < COUNT; i++) {
        if (all[i] == waiter) { /* it may be told before it waits */
            pthread_mutex_lock(&other);
            done = 1;
            pthread_cond_signal(&never);
            pthread_mutex_unlock(&other);
        }
        if (all[i] != locker) pthread_join(threads[i], NULL);
    }
    semctl(group, 0, IPC_RMID);
    printf("interrupted: %d\n", interrupted);
    return 3;
}
