// want: none
// stdout: ^abcdefghijkl$
// flags: -O1 -Wno-deprecated-declarations
/* A program reads back the handlers that it has set, and each runs as often as it asked for. */
#define _GNU_SOURCE
#include <signal.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

static volatile sig_atomic_t runs, value;

static void plain(int number) { runs += number == SIGUSR1; }
static void with_info(int number, siginfo_t *info, void *context) {
    runs += number == SIGUSR2 && context != NULL;
    value = info->si_value.sival_int;
}
static void expect(int right, char letter) {
    if (right) putchar(letter);
}

int main(void) {
    struct sigaction action, old;
    memset(&action, 0, sizeof action);
    expect(signal(SIGUSR1, plain) == SIG_DFL, 'a');
    expect(sigaction(SIGUSR1, NULL, &old) == 0 && old.sa_handler == plain && (old.sa_flags & ~0x04000000) == SA_RESTART &&
               sigismember(&old.sa_mask, SIGUSR1), 'b');
    expect(signal(SIGUSR1, SIG_IGN) == plain, 'c');
    expect(signal(SIGUSR1, plain) == SIG_IGN, 'd');
    raise(SIGUSR1);
    expect(runs == 1, 'e');
    action.sa_sigaction = with_info;
    action.sa_flags = SA_SIGINFO | SA_RESETHAND | SA_NODEFER;
    sigaddset(&action.sa_mask, SIGTERM);
    expect(sigaction(SIGUSR2, &action, &old) == 0 && old.sa_handler == SIG_DFL, 'f');
    expect(sigaction(SIGUSR2, NULL, &old) == 0 && old.sa_sigaction == with_info &&
               (old.sa_flags & ~0x04000000) == action.sa_flags && sigismember(&old.sa_mask, SIGTERM) &&
               !sigismember(&old.sa_mask, SIGINT), 'g');
    expect(sigqueue(getpid(), SIGUSR2, (union sigval){.sival_int = 7}) == 0 && runs == 2 && value == 7, 'h');
    expect(sigaction(SIGUSR2, NULL, &old) == 0 && old.sa_handler == SIG_DFL, 'i');
    expect(sigaction(SIGKILL, &action, NULL) == -1 && sigaction(0, NULL, &old) == -1, 'j');
    expect(signal(SIGKILL, plain) == SIG_ERR && signal(SIGUSR1, SIG_DFL) == plain, 'k');
    expect(sigset(SIGUSR1, plain) == SIG_DFL && sigset(SIGUSR1, SIG_DFL) == plain, 'l');
    putchar('\n');
    return 0;
}
