// want: none
// stdout: ^$
/* Mutexes that check say themselves what is wrong; recursive ones are locked and unlocked several times. */
#include <errno.h>
#include <stdio.h>
#include "../lockorder/turns.h"


static pthread_mutex_t checked, recursive;

static void make(pthread_mutex_t *mutex, int type) {
    pthread_mutexattr_t attributes;
    pthread_mutexattr_init(&attributes);
    pthread_mutexattr_settype(&attributes, type);
    pthread_mutex_init(mutex, &attributes);
    pthread_mutexattr_destroy(&attributes);
}
static void first(void) {
    pthread_mutex_lock(&checked);
    for (int i = 0; i < 3; i++) pthread_mutex_lock(&recursive);
    if (pthread_mutex_lock(&checked) != EDEADLK) puts("it did not check");
    step_to(&turn_now, 1);
    step_wait_in_thread(&turn_now, 2);
    for (int i = 0; i < 3; i++) pthread_mutex_unlock(&recursive);
    if (pthread_mutex_unlock(&recursive) != EPERM) puts("it was locked more often");
    pthread_mutex_unlock(&checked);
    if (pthread_mutex_unlock(&checked) != EPERM) puts("it did not check");
}
static void second(void) {
    step_wait_in_thread(&turn_now, 1);
    if (pthread_mutex_unlock(&checked) != EPERM) puts("it did not check");
    if (pthread_mutex_unlock(&recursive) != EPERM) puts("it did not check");
    step_to(&turn_now, 2);
}

int main(void) {
    make(&checked, PTHREAD_MUTEX_ERRORCHECK);
    make(&recursive, PTHREAD_MUTEX_RECURSIVE);
    together_in_threads(first, second);
}
