// want: race
// stderr: ^Thread T1 'reader' \((running|finished)\) created
// stderr: ^Thread T2 'writer' \((running|finished)\) created
// stderr: ^(Read|Write|Previous write|Previous read) at 0x[0-9a-f]+ by main thread
/* Names that a thread and its creator gave: before the thread has begun, perhaps. */
#define _GNU_SOURCE
#include <pthread.h>
#include <stdatomic.h>
#include <sched.h>
#include <stddef.h>

int x;
int y;
static atomic_int step;

static void *reader(void *unused) {
    while (atomic_load_explicit(&step, memory_order_relaxed) < 1) sched_yield();
    x++;
    atomic_store_explicit(&step, 2, memory_order_relaxed);
    return unused;
}
static void *writer(void *unused) {
    pthread_setname_np(pthread_self(), "writer");
    while (atomic_load_explicit(&step, memory_order_relaxed) < 2) sched_yield();
    x++;
    y++;
    return unused;
}

int main(void) {
    pthread_t threads[2];
    pthread_create(&threads[0], NULL, reader, NULL);
    pthread_setname_np(threads[0], "reader");
    pthread_create(&threads[1], NULL, writer, NULL);
    y++;
    atomic_store_explicit(&step, 1, memory_order_relaxed);
    for (int i = 0; i < 2; i++) pthread_join(threads[i], NULL);
    return 0;
}
