// want: none
/* An edge by atomics and one by a mutex, which the annotated twin does not want counted. */
#include "../annotations.h"

int x;
static atomic_int step;
static pthread_mutex_t mutex = PTHREAD_MUTEX_INITIALIZER;

static void writer(void) {
    x = 1;
    ANNOTATE(AnnotateIgnoreSyncBegin(HERE));
    pthread_mutex_lock(&mutex);
    pthread_mutex_unlock(&mutex);
    atomic_store(&step, 1);
    ANNOTATE(AnnotateIgnoreSyncEnd(HERE));
}
static void reader(void) {
    while (!atomic_load(&step)) sched_yield();
    pthread_mutex_lock(&mutex);
    pthread_mutex_unlock(&mutex);
    x++;
}

int main(void) {
    together_in_threads(writer, reader);
    return 0;
}
