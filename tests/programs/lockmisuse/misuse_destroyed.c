// want: misuse destroyed main() 'lock' take()
/* A mutex is destroyed while a thread holds it. */
#include "../lockorder/turns.h"

pthread_mutex_t lock = PTHREAD_MUTEX_INITIALIZER;

static void take(void) { pthread_mutex_lock(&lock); }
static void holder(void) {
    take();
    step_to(&turn_now, 1);
    step_wait_in_thread(&turn_now, 2);
    pthread_mutex_unlock(&lock);
}
static void *thread(void *unused) {
    holder();
    return unused;
}

int main(void) {
    pthread_t id;
    pthread_create(&id, NULL, thread, NULL);
    step_wait_in_thread(&turn_now, 1);
    pthread_mutex_destroy(&lock);
    step_to(&turn_now, 2);
    pthread_join(id, NULL);
}
