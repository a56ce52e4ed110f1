// want: none
/* Locks of all kinds change hands all the time, among goroutines and threads, always taken in one order. Whoever
 * looks for circles sees locks on their way from one to the next. */
#include "../together.h"

enum { GOROUTINES = 8, THREADS = 3, ROUNDS = 300 };

static gr_mutex a, b;
static gr_rwmutex shared;
static pthread_mutex_t c = PTHREAD_MUTEX_INITIALIZER;
static pthread_rwlock_t d = PTHREAD_RWLOCK_INITIALIZER;
static gr_waitgroup ended;
static int count;

static void one_round(unsigned *seed) {
    unsigned n = *seed = *seed * 1103515245 + 12345;
    if (n & 1 << 16) gr_mutex_lock(&a);
    if (n & 1 << 17) gr_rwmutex_rlock(&shared);
    else if (n & 1 << 18) gr_rwmutex_lock(&shared);
    if (n & 1 << 19) gr_mutex_lock(&b);
    if (n & 1 << 20) pthread_rwlock_rdlock(&d);
    else if (n & 1 << 21) pthread_rwlock_wrlock(&d);
    pthread_mutex_lock(&c);
    count++;
    pthread_mutex_unlock(&c);
    if (n & (1 << 20 | 1 << 21)) pthread_rwlock_unlock(&d);
    if (n & 1 << 19) gr_mutex_unlock(&b);
    if (n & 1 << 22) gr_gosched();
    if (n & 1 << 17) gr_rwmutex_runlock(&shared);
    else if (n & 1 << 18) gr_rwmutex_unlock(&shared);
    if (n & 1 << 16) gr_mutex_unlock(&a);
}

static void in_goroutine(unsigned seed) {
    for (int i = 0; i < ROUNDS; i++) one_round(&seed);
    gr_waitgroup_done(&ended);
}
static void *in_thread(void *argument) {
    unsigned seed = *(unsigned *)argument;
    for (int i = 0; i < ROUNDS; i++) one_round(&seed);
    return NULL;
}

int main(void) {
    static unsigned seeds[THREADS] = {1, 2, 3};
    pthread_t threads[THREADS];
    gr_waitgroup_add(&ended, GOROUTINES);
    for (int i = 0; i < THREADS; i++) pthread_create(&threads[i], NULL, in_thread, &seeds[i]);
    for (unsigned i = 0; i < GOROUTINES; i++) go(in_goroutine, i + 10);
    gr_waitgroup_wait(&ended);
    for (int i = 0; i < THREADS; i++) pthread_join(threads[i], NULL);
    return count != (GOROUTINES + THREADS) * ROUNDS;
}
