// want: lock-order pthread_mutex_t gr_mutex 'a' 'b' thread
/* A thread and a goroutine, a mutex of each. */
#include "turns.h"

pthread_mutex_t a = PTHREAD_MUTEX_INITIALIZER;
gr_mutex b;
static turn turns[2];

static void first(void) {
    pthread_mutex_lock(&a);
    gr_mutex_lock(&b);
    gr_mutex_unlock(&b);
    pthread_mutex_unlock(&a);
}
static void second(void) {
    gr_mutex_lock(&b);
    pthread_mutex_lock(&a);
    pthread_mutex_unlock(&a);
    gr_mutex_unlock(&b);
}

int main(void) {
    pthread_t thread;
    turns[0] = (turn){first, 0};
    turns[1] = (turn){second, 1};
    go(turn_of_goroutine, &turns[1]);
    pthread_create(&thread, NULL, turn_of_thread, &turns[0]);
    step_wait(&turn_now, 2);
    pthread_join(thread, NULL);
}
