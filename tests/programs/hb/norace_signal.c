// want: none
/* A handler comes after who set it and who sent the signal, and so does who waits for one. */
#include "../together.h"

#include <signal.h>
#include <sys/signalfd.h>
#include <unistd.h>

int setting, x, y, z, w;
static _Atomic(pthread_t) receiving;
static atomic_int handled, waits;

static void on_signal(int number) {
    (void)number;
    x += setting;
    step_to(&handled, 1);
}
static void sender(void) {
    step_wait_in_thread(&waits, 1);
    x = 1;
    pthread_kill(receiving, SIGUSR1);
    step_wait_in_thread(&waits, 2);
    y = 1;
    kill(getpid(), SIGUSR2);
    step_wait_in_thread(&waits, 3);
    z = 1;
    sigqueue(getpid(), SIGUSR2, (union sigval){.sival_int = 3});
    step_wait_in_thread(&waits, 4);
    w = 1;
    kill(getpid(), SIGTERM);
}
static void receiver(void) {
    sigset_t signals, read_ones;
    siginfo_t info;
    struct signalfd_siginfo got;
    int number;
    sigemptyset(&signals);
    sigaddset(&signals, SIGUSR2);
    sigemptyset(&read_ones);
    sigaddset(&read_ones, SIGTERM);
    int fd = signalfd(-1, &read_ones, 0);
    receiving = pthread_self();
    setting = 1;
    signal(SIGUSR1, on_signal);
    step_to(&waits, 1);
    step_wait_in_thread(&handled, 1);
    step_to(&waits, 2);
    if (sigwait(&signals, &number) == 0) y++;
    step_to(&waits, 3);
    if (sigwaitinfo(&signals, &info) == SIGUSR2 && info.si_value.sival_int == 3) z++;
    step_to(&waits, 4);
    if (read(fd, &got, sizeof got) == sizeof got && got.ssi_signo == SIGTERM) w++;
    close(fd);
}

int main(void) {
    sigset_t blocked;
    sigemptyset(&blocked);
    sigaddset(&blocked, SIGUSR2);
    sigaddset(&blocked, SIGTERM);
    pthread_sigmask(SIG_BLOCK, &blocked, NULL);
    together_in_threads(sender, receiver);
    return x + y + z + w != 8;
}
