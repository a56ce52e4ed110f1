// want: none
/* Relaxed read-modify-writes continue a release sequence, whoever does them. */
#include "../together.h"

int x;
static atomic_int flag;

static void writer(void) {
    x = 1;
    atomic_store_explicit(&flag, 1, memory_order_release);
}
static void *middle(void *unused) {
    step_wait_in_thread(&flag, 1);
    atomic_fetch_add_explicit(&flag, 1, memory_order_relaxed);
    return unused;
}
static void reader(void) {
    step_wait_in_thread(&flag, 2);
    if (atomic_load_explicit(&flag, memory_order_acquire) == 2)
        x++;
}

int main(void) {
    pthread_t third;
    pthread_create(&third, NULL, middle, NULL);
    together_in_threads(writer, reader);
    return pthread_join(third, NULL);
}
