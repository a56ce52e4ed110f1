// want: none
/* A condition, kept under a mutex, lies between the two orders. */
#include "turns.h"

pthread_mutex_t a = PTHREAD_MUTEX_INITIALIZER, b = PTHREAD_MUTEX_INITIALIZER;
static pthread_mutex_t lock = PTHREAD_MUTEX_INITIALIZER;
static pthread_cond_t changed = PTHREAD_COND_INITIALIZER;
static int stage;

static void first(void) { NEST(pthread_mutex, &a, &b); }
static void second(void) { NEST(pthread_mutex, &b, &a); }
static void become(int next) {
    pthread_mutex_lock(&lock);
    stage = next;
    pthread_cond_broadcast(&changed);
    pthread_mutex_unlock(&lock);
}
static void wait_for(int wanted) {
    pthread_mutex_lock(&lock);
    while (stage < wanted) pthread_cond_wait(&changed, &lock);
    pthread_mutex_unlock(&lock);
}
static void before(void) {
    wait_for(1);
    first();
    become(2);
}
static void after(void) {
    step_to(&turn_now, 1);
    wait_for(2);
    second();
}
static void *starter(void *unused) {
    step_wait_in_thread(&turn_now, 1);
    become(1);
    return unused;
}

int main(void) {
    pthread_t thread;
    pthread_create(&thread, NULL, starter, NULL);
    together_in_threads(before, after);
    pthread_join(thread, NULL);
}
