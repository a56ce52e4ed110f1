// want: race
/* A lock whose own operations order nothing that the detector can see. */
#include "../annotations.h"

int x;

static atomic_int taken;
static void take(void) {
    ANNOTATE(__tsan_mutex_pre_lock(&taken, 0));
    while (atomic_exchange_explicit(&taken, 1, memory_order_relaxed)) sched_yield();
    ANNOTATE(__tsan_mutex_post_lock(&taken, 0, 0));
}
static void give(void) {
    ANNOTATE(__tsan_mutex_pre_unlock(&taken, 0));
    atomic_store_explicit(&taken, 0, memory_order_relaxed);
    ANNOTATE(__tsan_mutex_post_unlock(&taken, 0));
}

static void user(void) {
    for (int i = 0; i < 10; i++) {
        take();
        x++;
        give();
    }
}

int main(void) {
    ANNOTATE(__tsan_mutex_create(&taken, 0));
    together_in_threads(user, user);
    ANNOTATE(__tsan_mutex_destroy(&taken, 0));
    return x != 20;
}
