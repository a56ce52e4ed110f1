/* overflow.c - running off the end of a goroutine's stack is told, on a stack of its own. */
#include "runtime/sched/internal.h"

#include <signal.h>
#include <string.h>
#include <sys/syscall.h>
#include <unistd.h>

enum { SIGNAL_STACK = 64 * 1024 };

static struct sigaction before;

static void print(const char *text) {
    if (syscall(SYS_write, 2, text, strlen(text)) < 0) return;
}

static void print_number(uint64_t n) {
    char digits[24];
    size_t at = sizeof digits - 1;
    digits[at] = 0;
    do digits[--at] = (char)('0' + n % 10);
    while (n /= 10);
    print(digits + at);
}

static void on_fault(int signal_number, siginfo_t *info, void *context) {
    gr__g *g = gr__g_self();
    uintptr_t at = (uintptr_t)info->si_addr;
    if (g && !g->head.foreign && !g->head.main && at < g->head.stack_low &&
        at >= g->head.stack_low - 64 * GR__PAGE) {
        print("runtime: goroutine stack exceeds ");
        print_number(g->head.stack_high - g->head.stack_low + GR__PAGE);
        print("-byte limit\n");
        gr__fatal("stack overflow");
    }
    if (before.sa_flags & SA_SIGINFO) {
        before.sa_sigaction(signal_number, info, context);
    } else if (before.sa_handler != SIG_DFL && before.sa_handler != SIG_IGN) {
        before.sa_handler(signal_number);
    } else {
        sigaction(signal_number, &before, NULL);    /* the fault comes again, and ends us */
    }
}

void gr__stack_overflow_init(void) {
    struct sigaction action;
    memset(&action, 0, sizeof action);
    action.sa_sigaction = on_fault;
    action.sa_flags = SA_SIGINFO | SA_ONSTACK | SA_NODEFER;
    sigaction(SIGSEGV, &action, &before);
}

void gr__stack_overflow_thread(void) {
    stack_t now, mine = {.ss_size = SIGNAL_STACK};
    if (sigaltstack(NULL, &now) == 0 && !(now.ss_flags & SS_DISABLE)) return;
    mine.ss_sp = gr__pages(SIGNAL_STACK);
    if (mine.ss_sp) sigaltstack(&mine, NULL);
}
