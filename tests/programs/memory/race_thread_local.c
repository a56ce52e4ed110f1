// want: race
// stderr: ^Location is thread-local storage 'scratch' of size 24 \(scratch\.last\[2\]\) of thread T1 at \S*race_thread_local\.c:8$
/* A thread writes to another's thread-local variable. */
#include "../together.h"

__thread struct {
    int calls, last[5];
} scratch;

static int *_Atomic place;
static atomic_int begun, step;

static void owner(void) {
    atomic_store(&begun, 1);
    scratch.last[2] = 1;
    atomic_store_explicit(&place, &scratch.last[2], memory_order_relaxed);
    step_to(&step, 1);
    while (atomic_load(&step) < 2) sched_yield();
}
static void other(void) {
    while (!atomic_load(&begun)) sched_yield();
    step_wait_in_thread(&step, 1);
    *atomic_load_explicit(&place, memory_order_relaxed) = 2;
    atomic_store(&step, 2);
}

int main(void) {
    together_in_threads(owner, other);
    return 0;
}
