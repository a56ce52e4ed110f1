// class: resource deadlock: AB-BA
// want: GR4001 checkpoint
/* Two POSIX threads of a journal: the writer locks the log, then the index; the checkpoint the index,
 * then the log. They just miss each other. Repaired: both take the log first. */
#include "kernel.h"

static pthread_mutex_t log_lock = PTHREAD_MUTEX_INITIALIZER, index_lock = PTHREAD_MUTEX_INITIALIZER;
static int written, indexed;
static atomic_int turn;

static void write_entry(void) {
    pthread_mutex_lock(&log_lock);
    pthread_mutex_lock(&index_lock);
    written++;
    indexed++;
    pthread_mutex_unlock(&index_lock);
    pthread_mutex_unlock(&log_lock);
    step_to(&turn, 1);
}
static void checkpoint(void) {
    step_wait_in_thread(&turn, 1);
#ifdef REPAIRED
    pthread_mutex_lock(&log_lock);
    pthread_mutex_lock(&index_lock);
#else
    pthread_mutex_lock(&index_lock);
    pthread_mutex_lock(&log_lock);
#endif
    indexed = 0;
    written = 0;
    pthread_mutex_unlock(&log_lock);
    pthread_mutex_unlock(&index_lock);
}

int main(void) {
    together_in_threads(write_entry, checkpoint);
    return 0;
}
