// want: none
/* The end of a thread happens before the end of its pthread_join. */
#include <pthread.h>

int x;

static void *writer(void *unused) {
    x = 1;
    return unused;
}

int main(void) {
    pthread_t id;
    pthread_create(&id, NULL, writer, NULL);
    pthread_join(id, NULL);
    return x != 1;
}
