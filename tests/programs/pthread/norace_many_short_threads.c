// want: none
/* Two thousand threads, one after the other and twenty at a time. */
#include <pthread.h>

long total;
static pthread_mutex_t lock = PTHREAD_MUTEX_INITIALIZER;

static void *thread(void *number) {
    pthread_mutex_lock(&lock);
    total += *(int *)number;
    pthread_mutex_unlock(&lock);
    return NULL;
}

int main(void) {
    int one = 1;
    pthread_t ids[20];
    for (int round = 0; round < 100; round++) {
        for (int i = 0; i < 20; i++)
            pthread_create(&ids[i], NULL, thread, &one);
        for (int i = 0; i < 20; i++)
            pthread_join(ids[i], NULL);
    }
    return total != 2000;
}
