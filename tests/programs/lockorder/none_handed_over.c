// want: none
/* A mutex that another goroutine gives is held no more by who took it. */
#include "turns.h"

gr_mutex a, b;

static void take(void) { gr_mutex_lock(&a); }
static void give(void) { gr_mutex_unlock(&a); }
static void first(void) { gr_mutex_lock(&b), gr_mutex_unlock(&b); }
static void second(void) { NEST(gr_mutex, &b, &a); }
static void taker(void) {
    take();
    step_to(&turn_now, 1);
    step_wait(&turn_now, 2);
    first();
    step_to(&turn_now, 3);
}
static void giver(void) {
    step_wait(&turn_now, 1);
    give();
    step_to(&turn_now, 2);
    step_wait(&turn_now, 3);
    second();
    step_to(&turn_now, 4);
}

int main(void) {
    go(taker);
    go(giver);
    step_wait(&turn_now, 4);
}
