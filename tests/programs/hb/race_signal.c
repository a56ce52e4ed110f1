// want: race on_signal
/* What the sender does after it sent is not ordered with the handler. */
#include "../together.h"

#include <signal.h>

int x;
static _Atomic(pthread_t) receiving;
static atomic_int there, sent, handled;

static void on_signal(int number) {
    (void)number;
    step_wait_in_thread(&sent, 1);
    x++;
    step_to(&handled, 1);
}
static void sender(void) {
    step_wait_in_thread(&there, 1);
    pthread_kill(receiving, SIGUSR1);
    x = 1;
    step_to(&sent, 1);
}
static void receiver(void) {
    receiving = pthread_self();
    step_to(&there, 1);
    step_wait_in_thread(&handled, 1);
}

int main(void) {
    signal(SIGUSR1, on_signal);
    together_in_threads(sender, receiver);
    return 0;
}
