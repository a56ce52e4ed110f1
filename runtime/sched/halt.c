/* halt.c - SIGQUIT, and the program's threads brought to a stand while it is dumped.
 *
 * The handler of SIGQUIT must take no lock, since the thread that it interrupts may hold it; so it only
 * wakes the monitor, which makes the dump. That one sends SIGQUIT to every other thread: their
 * handlers keep the registers on their own stacks, add themselves to a list, and never return. They may
 * hold any lock but that of the session and that of the loader: who halts others has got both behind
 * him, and asks for no other. */
#include "runtime/sched/internal.h"

#include "runtime/base/proc.h"
#include "runtime/inspect/session.h"
#include "runtime/os/os.h"

#include <signal.h>
#include <string.h>
#include <sys/syscall.h>
#include <unistd.h>

#define PATIENCE_NS ((uint64_t)500000000)

static uint32_t halting;        /* a: SIGQUIT means: stand still */
static uint32_t count;          /* a: futex: threads that do */
static gr__halted *list;        /* a */
static long owner;              /* c after init: pid; the child of a fork has no monitor */
static gr__quit quit;           /* written once, before the monitor is called */

void gr__halted_add(gr__halted *h) {
    h->next = GR__LOAD(&list);
    while (!GR__CAS(&list, &h->next, h)) {}
}

static void stand_still(gr__halted *self) {
    gr__halted_add(self);
    GR__ADD(&count, 1);
    gr__os_wake(&count, 1);
    for (uint32_t never = 0;;) gr__os_wait(&never, 0, 0);
}

static void by_default(int number) {
    struct sigaction action = {.sa_handler = SIG_DFL};
    sigaction(number, &action, NULL);
    syscall(SYS_tgkill, syscall(SYS_getpid), syscall(SYS_gettid), number);  /* once we have returned */
}

static void on_quit(int number, siginfo_t *info, void *context) {
    int saved = gr__os_errno();
    long pid = syscall(SYS_getpid);
    if (GR__LOAD(&halting) && info->si_code == SI_TKILL && info->si_pid == pid) {
        gr__halted self;
        self.g = gr__g_self();
        gr__registers_interrupted(&self.registers, context);
        stand_still(&self);
    }
    if (pid != owner) {
        by_default(number);
    } else if (!GR__SWAP(&quit.asked, true)) {
        gr__registers here;
        gr__registers_interrupted(&here, context);
        quit.g = gr__g_self();
        quit.pc = here.pc;
        quit.tid = gr__os_tid();
        quit.code = info->si_code;
        gr__dump_request();
    }
    gr__os_errno_set(saved);
}

const gr__quit *gr__quit_asked(void) { return &quit; }

/* Once there is a monitor. The program's own handler, or its wish to ignore the signal, stands. */
void gr__quit_init(void) {
    struct sigaction now, action;
    if (sigaction(SIGQUIT, NULL, &now) != 0 || (now.sa_flags & SA_SIGINFO) || now.sa_handler != SIG_DFL)
        return;
    owner = syscall(SYS_getpid);
    memset(&action, 0, sizeof action);
    action.sa_sigaction = on_quit;
    action.sa_flags = SA_SIGINFO | SA_ONSTACK | SA_RESTART;
    sigaction(SIGQUIT, &action, NULL);
}

/* --- halting --- */

/* A thread that blocks the signal would let us wait in vain. */
static bool send(int tid, void *sent) {
    if (tid != gr__os_tid() && gr__proc_task_listens(tid, SIGQUIT) &&
        syscall(SYS_tgkill, syscall(SYS_getpid), tid, SIGQUIT) == 0)
        ++*(uint32_t *)sent;
    return true;
}

void gr__halt(void) {
    struct sigaction now;
    /* Who records a trace has more locks. */
    if (gr__session_tap || syscall(SYS_getpid) != owner || sigaction(SIGQUIT, NULL, &now) != 0 ||
        !(now.sa_flags & SA_SIGINFO) || now.sa_sigaction != on_quit)
        return;
    GR__STORE(&halting, 1);
    uint32_t sent = 0, n;
    gr__proc_numbers(GR__PROC_TASKS, send, &sent);
    uint64_t until = gr__os_now() + PATIENCE_NS;
    while ((n = GR__LOAD(&count)) < sent && gr__os_now() < until) gr__os_wait(&count, n, until);
}

const gr__halted *gr__halted_of(const gr__g *g) {
    for (const gr__halted *h = GR__LOAD(&list); h; h = h->next)
        if (h->g == g) return h;
    return NULL;
}
