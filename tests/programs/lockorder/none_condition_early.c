// want: none
/* A condition lies between the two orders, and is signalled before anybody has waited for it: nobody ever does. */
#include "turns.h"

pthread_mutex_t a = PTHREAD_MUTEX_INITIALIZER, b = PTHREAD_MUTEX_INITIALIZER;
static pthread_mutex_t lock = PTHREAD_MUTEX_INITIALIZER;
static pthread_cond_t changed = PTHREAD_COND_INITIALIZER;
static int done;

static void before(void) {
    NEST(pthread_mutex, &a, &b);
    pthread_mutex_lock(&lock);
    done = 1;
    pthread_cond_signal(&changed);
    pthread_mutex_unlock(&lock);
    step_to(&turn_now, 1);
}
static void after(void) {
    step_wait_in_thread(&turn_now, 1);
    pthread_mutex_lock(&lock);
    while (!done) pthread_cond_wait(&changed, &lock);
    pthread_mutex_unlock(&lock);
    NEST(pthread_mutex, &b, &a);
}

int main(void) { together_in_threads(before, after); }
