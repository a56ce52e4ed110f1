// want: none
/* A cancelled wait takes its mutex again: what the clean-up does is under it. */
#include <pthread.h>
#include <stdbool.h>

static pthread_mutex_t lock = PTHREAD_MUTEX_INITIALIZER;
static pthread_cond_t cond = PTHREAD_COND_INITIALIZER;
int shared;
bool waiting;

static void clean_up(void *unused) {
    (void)unused;
    shared++;
    pthread_mutex_unlock(&lock);
}
static void *waiter(void *unused) {
    pthread_mutex_lock(&lock);
    waiting = true;
    pthread_cleanup_push(clean_up, NULL);
    for (;;) pthread_cond_wait(&cond, &lock);
    pthread_cleanup_pop(0);
    return unused;
}

int main(void) {
    pthread_t thread;
    pthread_create(&thread, NULL, waiter, NULL);
    for (bool there = false; !there;) {
        pthread_mutex_lock(&lock);
        there = waiting;
        shared++;
        pthread_mutex_unlock(&lock);
    }
    pthread_cancel(thread);
    pthread_join(thread, NULL);
    return shared < 2;
}
