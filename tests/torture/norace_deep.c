// want: none
// flags: -O0
// args: 20000 2
// full: 100000 10
/* Threads and goroutines far down in recursions, again and again; every frame is written by its callee. */
#include <gorace.h>
#include <pthread.h>
#include <stdlib.h>

static pthread_mutex_t lock = PTHREAD_MUTEX_INITIALIZER;
static gr_waitgroup ended;
static int depth, times;
long reached;

static void descend(int left, long *above) {
    long here = 0;
    ++*above;
    if (left) descend(left - 1, &here);
    else {
#ifdef PLANTED
        reached++;
#else
        pthread_mutex_lock(&lock);
        reached++;
        pthread_mutex_unlock(&lock);
#endif
        return;
    }
    *above += here;
}

static void again(void) {
    for (int i = 0; i < times; i++) {
        long sum = 0;
        descend(depth, &sum);
        if (sum != depth + 1) abort();
    }
}
static void goroutine(void) {
    again();
    gr_waitgroup_done(&ended);
}
static void *thread(void *unused) {
    again();
    return unused;
}

int main(int argc, char **argv) {
    pthread_t threads[2];
    pthread_attr_t large;
    depth = argc > 1 ? atoi(argv[1]) : 20000;
    times = argc > 2 ? atoi(argv[2]) : 2;
    pthread_attr_init(&large);
    pthread_attr_setstacksize(&large, (size_t)256 << 20);
    gr_waitgroup_add(&ended, 2);
    for (int i = 0; i < 2; i++) {
        pthread_create(&threads[i], &large, thread, NULL);
        go(goroutine);
    }
    gr_waitgroup_wait(&ended);
    for (int i = 0; i < 2; i++) pthread_join(threads[i], NULL);
    return 0;
}
