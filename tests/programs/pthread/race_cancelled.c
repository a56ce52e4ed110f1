// want: race clean_up
/* What a cancelled thread's clean-up does is not ordered with who cancelled it. */
#include "../together.h"

#include <semaphore.h>

int x;
static sem_t never;
static atomic_int there, cleaned;

static void clean_up(void *unused) {
    (void)unused;
    x++;
    step_to(&cleaned, 1);
}
static void *thread(void *unused) {
    pthread_cleanup_push(clean_up, NULL);
    step_to(&there, 1);
    sem_wait(&never);
    pthread_cleanup_pop(0);
    return unused;
}

int main(void) {
    pthread_t id;
    sem_init(&never, 0, 0);
    pthread_create(&id, NULL, thread, NULL);
    step_wait_in_thread(&there, 1);
    pthread_cancel(id);
    step_wait_in_thread(&cleaned, 1);
    x++;
    pthread_join(id, NULL);
    return 0;
}
