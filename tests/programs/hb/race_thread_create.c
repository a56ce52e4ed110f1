// want: race
/* What follows pthread_create is not ordered with the new thread. */
#include <pthread.h>

int x;

static void *thread(void *unused) {
    x = 1;
    return unused;
}

int main(void) {
    pthread_t id;
    pthread_create(&id, NULL, thread, NULL);
    x = 2;
    return pthread_join(id, NULL);
}
