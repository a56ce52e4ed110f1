// want: none
/* What comes before pthread_create happens before the new thread. */
#include <pthread.h>

int x;

static void *thread(void *unused) {
    x++;
    return unused;
}

int main(void) {
    pthread_t id;
    x = 1;
    pthread_create(&id, NULL, thread, NULL);
    return pthread_join(id, NULL);
}
