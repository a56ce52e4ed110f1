/* turns.h - functions that run one after the other in time, each in a thread or goroutine of its own; all are
 * started before the first runs, and nothing orders them but the program's own steps.
 *
 *   static void first(void) {...}
 *   int main(void) { threads_in_turn(first, second); }
 */
#ifndef TURNS_H
#define TURNS_H

#include "../together.h"

typedef struct turn { part run; int number; } turn;

static atomic_int turn_now;

static inline void *turn_of_thread(void *argument) {
    turn *t = argument;
    step_wait_in_thread(&turn_now, t->number);
    t->run();
    step_to(&turn_now, t->number + 1);
    return NULL;
}

static inline void turn_of_goroutine(turn *t) {
    step_wait(&turn_now, t->number);
    t->run();
    step_to(&turn_now, t->number + 1);
}

enum { TURNS = 12 };

static inline void run_threads(const part *parts, int count) {
    pthread_t threads[TURNS];
    turn turns[TURNS];
    for (int i = 0; i < count; i++) {
        turns[i] = (turn){parts[i], i};
        pthread_create(&threads[i], NULL, turn_of_thread, &turns[i]);
    }
    for (int i = 0; i < count; i++) pthread_join(threads[i], NULL);
}

static inline void run_goroutines(const part *parts, int count) {
    static turn turns[TURNS];
    for (int i = 0; i < count; i++) {
        turns[i] = (turn){parts[i], i};
        go(turn_of_goroutine, &turns[i]);
    }
    step_wait(&turn_now, count);
}

#define threads_in_turn(...) \
    run_threads((const part[]){__VA_ARGS__}, (int)(sizeof((const part[]){__VA_ARGS__}) / sizeof(part)))
#define goroutines_in_turn(...) \
    run_goroutines((const part[]){__VA_ARGS__}, (int)(sizeof((const part[]){__VA_ARGS__}) / sizeof(part)))

/* One lock within the other. */
#define NEST(kind, outer, inner)              \
    do {                                      \
        kind##_lock(outer), kind##_lock(inner);     \
        kind##_unlock(inner), kind##_unlock(outer); \
    } while (0)

#endif
