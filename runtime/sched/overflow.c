/* overflow.c - running off the end of a stack is told, on a stack of its own; any other SIGSEGV stays
 * what it would be without us. `before` is the program's, from before the runtime was used: written by
 * faulting threads, of which only the first can matter. */
#include "runtime/sched/internal.h"

#include <signal.h>
#include <string.h>
#include <sys/syscall.h>
#include <unistd.h>

enum { SIGNAL_STACK = 64 * 1024, LARGEST_FRAME = 4 << 20, SIGNAL_SET = 8 };

static struct sigaction before;
static __thread void *signal_stack;     /* ours, not the program's */

static void print(const char *text) {
    if (syscall(SYS_write, 2, text, strlen(text)) < 0) return;
}

static void print_number(uint64_t n, unsigned base) {
    char digits[24];
    size_t at = sizeof digits - 1;
    digits[at] = 0;
    do digits[--at] = "0123456789abcdef"[n % base];
    while (n /= base);
    if (base == 16) print("0x");
    print(digits + at);
}

static void print_limit(const gr__g *g, uintptr_t sp) {
    print("runtime: goroutine stack exceeds ");
    print_number(g->head.stack_high - g->head.stack_low + (g->head.main || g->head.foreign ? 0 : GR__PAGE), 10);
    print("-byte limit\nruntime: sp=");
    print_number(sp, 16);
    print(" stack=[");
    print_number(g->head.stack_low, 16);
    print(", ");
    print_number(g->head.stack_high, 16);
    print("]\n");
}

/* Where the stack of a thread really ends is not known exactly: there a fault at the stack pointer
 * counts, or in the frame that is being made. */
static bool overflows(const gr__g *g, uintptr_t at, uintptr_t sp) {
    uintptr_t low = g->head.stack_low, high = g->head.stack_high;
    if (!g->head.foreign && !g->head.main) return at < low && at + GR__OVERFLOW_REACH >= low;
    return at + GR__OVERFLOW_REACH >= low && at < high && at + GR__OVERFLOW_REACH >= sp &&
           at < sp + LARGEST_FRAME;
}

static bool is_handler(const struct sigaction *a) {
    return (a->sa_flags & SA_SIGINFO) || (a->sa_handler != SIG_DFL && a->sa_handler != SIG_IGN);
}

/* As the kernel would call it: our own return puts the mask right again. */
static void call(const struct sigaction *a, int number, siginfo_t *info, void *context) {
    uint64_t self = (uint64_t)1 << (number - 1);
    syscall(SYS_rt_sigprocmask, SIG_BLOCK, &a->sa_mask, NULL, SIGNAL_SET);
    if (a->sa_flags & SA_NODEFER) syscall(SYS_rt_sigprocmask, SIG_UNBLOCK, &self, NULL, SIGNAL_SET);
    if (a->sa_flags & SA_SIGINFO) a->sa_sigaction(number, info, context);
    else a->sa_handler(number);
}

/* The fault comes again when we return, and a signal that was sent is sent again. */
static void give_way(int number, siginfo_t *info) {
    sigaction(number, &before, NULL);
    if (info->si_code <= 0)
        syscall(SYS_rt_tgsigqueueinfo, syscall(SYS_getpid), syscall(SYS_gettid), number, info);
}

static void on_fault(int number, siginfo_t *info, void *context) {
    gr__g *g = gr__g_self();
    gr__halted self;
    self.g = g;
    gr__registers_interrupted(&self.registers, context);
    uintptr_t sp = self.registers.value[GR__REGISTER_SP];
    if (g && info->si_code > 0 && overflows(g, (uintptr_t)info->si_addr, sp)) {
        gr__hook_own_begin();
        gr__halted_add(&self);
        print_limit(g, sp);
        gr__fatal("stack overflow");
    }
    struct sigaction action;
    gr__copy(&action, &before, sizeof action);
    if (!is_handler(&action) && action.sa_handler == SIG_IGN && info->si_code <= 0) return;
    /* A handler that wants the stack that was interrupted is the kernel's to call. */
    if (!is_handler(&action) || !(action.sa_flags & SA_ONSTACK)) {
        give_way(number, info);
        return;
    }
    if (action.sa_flags & (int)SA_RESETHAND) {
        before.sa_flags = 0;
        before.sa_handler = SIG_DFL;
    }
    call(&action, number, info, context);
}

void gr__stack_overflow_init(void) {
    struct sigaction action;
    memset(&action, 0, sizeof action);
    action.sa_sigaction = on_fault;
    action.sa_flags = SA_SIGINFO | SA_ONSTACK;
    sigaction(SIGSEGV, &action, &before);
}

void gr__stack_overflow_thread(void) {
    stack_t now, mine = {.ss_size = SIGNAL_STACK};
    if (sigaltstack(NULL, &now) == 0 && !(now.ss_flags & SS_DISABLE)) return;
    mine.ss_sp = gr__pages(SIGNAL_STACK);
    if (mine.ss_sp && sigaltstack(&mine, NULL) == 0) signal_stack = mine.ss_sp;
}

void gr__stack_overflow_thread_end(void) {
    stack_t now, none = {.ss_flags = SS_DISABLE};
    if (!signal_stack) return;
    if (sigaltstack(NULL, &now) == 0 && now.ss_sp == signal_stack) sigaltstack(&none, NULL);
    gr__pages_free(signal_stack, SIGNAL_STACK);
    signal_stack = NULL;
}
