/* together.h - for test programs: run two functions side by side with nothing but the start and the
 * end in common, and order steps in time without ordering them in the memory model.
 */
#ifndef TOGETHER_H
#define TOGETHER_H

#include <gorace.h>
#include <pthread.h>
#include <sched.h>
#include <stdatomic.h>

typedef void (*part)(void);

static part together_parts[2];
static gr_waitgroup together_ended;

static inline void together_run(int which) {
    together_parts[which]();
    gr_waitgroup_done(&together_ended);
}

/* Two goroutines; returns when both have ended. */
static inline void together(part one, part two) {
    together_parts[0] = one;
    together_parts[1] = two;
    gr_waitgroup_add(&together_ended, 2);
    go(together_run, 0);
    go(together_run, 1);
    gr_waitgroup_wait(&together_ended);
}

static inline void *together_thread(void *which) {
    (*(part *)which)();
    return NULL;
}

/* Two POSIX threads; returns when both have ended. */
static inline void together_in_threads(part one, part two) {
    pthread_t threads[2];
    together_parts[0] = one;
    together_parts[1] = two;
    for (int i = 0; i < 2; i++)
        pthread_create(&threads[i], NULL, together_thread, &together_parts[i]);
    for (int i = 0; i < 2; i++)
        pthread_join(threads[i], NULL);
}

/* A step in time only: relaxed operations make no happens-before edge. */
static inline void step_to(atomic_int *step, int value) {
    atomic_store_explicit(step, value, memory_order_relaxed);
}
static inline void step_wait(atomic_int *step, int value) {
    while (atomic_load_explicit(step, memory_order_relaxed) < value)
        gr_gosched();
}
static inline void step_wait_in_thread(atomic_int *step, int value) {
    while (atomic_load_explicit(step, memory_order_relaxed) < value)
        sched_yield();
}

#endif
