// want: race
/* A lock of the program's own, told by dynamic annotations. */
#include "../annotations.h"

int x;
static atomic_int taken;

static void user(void) {
    for (int i = 0; i < 10; i++) {
        while (atomic_exchange_explicit(&taken, 1, memory_order_relaxed)) sched_yield();
        ANNOTATE(AnnotateRWLockAcquired(HERE, &taken, 1));
        x++;
        ANNOTATE(AnnotateRWLockReleased(HERE, &taken, 1));
        atomic_store_explicit(&taken, 0, memory_order_relaxed);
    }
}

int main(void) {
    ANNOTATE(AnnotateRWLockCreate(HERE, &taken));
    together_in_threads(user, user);
    ANNOTATE(AnnotateRWLockDestroy(HERE, &taken));
    return x != 20;
}
