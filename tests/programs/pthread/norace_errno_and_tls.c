// want: none
/* Thread-local memory is nobody else's, also when a new thread gets it again. */
#include <pthread.h>

static _Thread_local int mine[100];

static void *thread(void *unused) {
    for (int i = 0; i < 100; i++)
        mine[i]++;
    return unused;
}

int main(void) {
    for (int i = 0; i < 50; i++) {
        pthread_t one, two;
        pthread_create(&one, NULL, thread, NULL);
        pthread_create(&two, NULL, thread, NULL);
        pthread_join(one, NULL);
        pthread_join(two, NULL);
    }
    return 0;
}
