// want: race
/* A detached thread is an actor like any other. */
#include "../together.h"

int x;
static atomic_int ended;

static void *thread(void *unused) {
    x = 1;
    step_to(&ended, 1);
    return unused;
}

int main(void) {
    pthread_t id;
    pthread_create(&id, NULL, thread, NULL);
    pthread_detach(id);
    step_wait_in_thread(&ended, 1);
    return x != 1;
}
