// want: none
// args: before onstack
/* Faults that are no stack overflow, with the program's own handler or without: what it sees must be
 * what it would see without the runtime. The second argument adds flags to the handler. */
#include <gorace.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <unistd.h>

static char *page;
static volatile int calls;
static int flags;
static char *volatile alternate_low;
static size_t const alternate_size = 64 * 1024;

static void check(int ok, const char *words) {
    if (ok) return;
    fprintf(stderr, "wrong: %s\n", words);
    _exit(9);
}

static void on_fault(int number, siginfo_t *info, void *context) {
    (void)context;
    char here;
    sigset_t now;
    calls++;
    sigprocmask(SIG_BLOCK, NULL, &now);
    check(number == SIGSEGV && info->si_addr == page, "the fault's address");
    check(sigismember(&now, SIGUSR1) == 1, "sa_mask is blocked");
    check(sigismember(&now, SIGSEGV) == !(flags & SA_NODEFER), "SA_NODEFER");
    int alternate = &here >= alternate_low && &here < alternate_low + alternate_size;
    check(alternate == !!(flags & SA_ONSTACK), "which stack it runs on");
    mprotect(page, 4096, PROT_READ | PROT_WRITE);
}

static void install(void) {
    struct sigaction action = {.sa_sigaction = on_fault, .sa_flags = SA_SIGINFO | flags};
    sigaddset(&action.sa_mask, SIGUSR1);
    sigaction(SIGSEGV, &action, NULL);
}

static void use(gr_chan *c) { gr_send(c, &(int){1}); }

int main(int argc, char **argv) {
    const char *how = argc > 1 ? argv[1] : "before";
    for (int i = 2; i < argc; i++)
        flags |= strcmp(argv[i], "onstack") == 0 ? SA_ONSTACK
                 : strcmp(argv[i], "nodefer") == 0 ? SA_NODEFER : (int)SA_RESETHAND;
    page = mmap(NULL, 4096, PROT_NONE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
    alternate_low = malloc(alternate_size);
    stack_t alternate = {.ss_sp = alternate_low, .ss_size = alternate_size};
    sigaltstack(&alternate, NULL);
    if (strcmp(how, "before") == 0) install();
    if (strcmp(how, "ignored") == 0) signal(SIGSEGV, SIG_IGN);
    gr_chan *c = gr_make(int, 0);
    go(use, c);
    gr_recv(c, NULL);
    if (strcmp(how, "after") == 0) install();
    if (strcmp(how, "kill") == 0 || strcmp(how, "ignored") == 0) {
        kill(getpid(), SIGSEGV);
        printf("still here\n");
        return 0;
    }
    *(volatile char *)page = 1;
    check(calls == 1, "one call for the first fault");
    if (!(flags & (int)SA_RESETHAND)) {
        mprotect(page, 4096, PROT_NONE);
        *(volatile char *)page = 2;
        check(calls == 2, "one call for the second");
    }
    printf("still here\n");
    fflush(stdout);
    mprotect(page, 4096, PROT_NONE);
    if (flags & (int)SA_RESETHAND) *(volatile char *)page = 3;
    return 0;
}
