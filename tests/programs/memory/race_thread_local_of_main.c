// want: race
// stderr: ^Location is thread-local storage 'mine' of size 4 of main thread at \S*race_thread_local_of_main\.c:7$
/* The same with the main thread's. */
#include <pthread.h>
#include <stddef.h>

__thread int mine;

static void *change(void *place) {
    *(int *)place = 1;
    return NULL;
}

int main(void) {
    pthread_t thread;
    pthread_create(&thread, NULL, change, &mine);
    mine = 2;
    pthread_join(thread, NULL);
    return 0;
}
