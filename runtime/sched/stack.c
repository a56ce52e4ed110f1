/* stack.c - goroutine stacks: large reservations whose pages come when they are touched.
 *
 * Stacks are cut from slabs, one mapping for many, so that a million of them do not run into the
 * kernel's limit of mappings. The lowest page of each is a guard. Boundaries lie in the middle of
 * what one page table spans, so that the top of a stack and the guard of the next share a table; and
 * sizes are a page more than a power of two, or all tops would fall into one set of the processor's
 * tables of addresses.
 * A stack belongs to its goroutine's descriptor for good. */
#include "runtime/sched/internal.h"

#include "runtime/base/fault.h"
#include "runtime/os/os.h"

#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/syscall.h>
#include <unistd.h>

#ifndef MAP_FIXED_NOREPLACE
#define MAP_FIXED_NOREPLACE 0x100000
#endif
#define ADVICE_GUARD_INSTALL 102

#define MB ((size_t)1 << 20)
#define STAGGER GR__PAGE
#define SMALLEST ((size_t)16 * 1024)

enum { PROTECTED_AT_MOST = 8000, SIGNAL_STACK = 64 * 1024 };

static uint32_t lock;           /* of all below */
static uintptr_t next_low, slab_end;
static size_t stack_size;
static uint32_t made, protected_count;
static bool no_guard_advice;

#ifdef GR_RACE
/* Where the detector's shadow leaves room (docs/ARCHITECTURE.md). */
static uintptr_t place = 0x410000000000u;
static const uintptr_t place_end = 0x550000000000u;
#endif

/* Fewer goroutines, larger stacks; a million fit the address space. */
static size_t size_for(uint32_t stacks) {
#ifdef GR_RACE
    (void)stacks;
    return 16 * MB;
#else
    return stacks < 1024 ? 256 * MB : 64 * MB;
#endif
}

static uintptr_t reserve(size_t size) {
    if (gr__fault(GR__FAULT_MMAP)) return 0;
    int flags = MAP_PRIVATE | MAP_ANONYMOUS | MAP_NORESERVE;
#ifdef GR_RACE
    while (place + size <= place_end) {
        uintptr_t at = place;
        long got = syscall(SYS_mmap, at, size, PROT_READ | PROT_WRITE, flags | MAP_FIXED_NOREPLACE,
                           -1, 0);
        if (got == -1 && errno == ENOMEM) return 0;
        place += size;
        if ((uintptr_t)got == at) return at;
        if (got != -1) syscall(SYS_munmap, got, size);
    }
    return 0;
#else
    long got = syscall(SYS_mmap, NULL, size, PROT_READ | PROT_WRITE, flags, -1, 0);
    return got == -1 ? 0 : (uintptr_t)got;
#endif
}

static size_t whole_pages(size_t size) { return size / GR__PAGE * GR__PAGE; }

/* Room for a slab of at most *size bytes. Where addresses are limited (ulimit -v), an eighth of what can
 * still be had: so there is always some left, for smaller stacks and for the program. */
static uintptr_t reserve_some(size_t *size) {
    uintptr_t at = reserve(*size);
    if (at) return at;
    while (!at && *size >= 8 * SMALLEST) at = reserve(*size = whole_pages(*size / 2));
    if (!at) return 0;
    syscall(SYS_munmap, at, *size);
    *size = whole_pages(*size / 8);
    return reserve(*size);
}

/* A new slab: 64 stacks at first, then as many as a goroutine explosion wants. */
static bool new_slab(void) {
    size_t each = size_for(made) + STAGGER, count = made < 1024 ? 64 : 1024;
    size_t size = each * count + 2 * MB;
    uintptr_t at = reserve_some(&size);
    if (!at) return false;
    if (size < each * count) {
        each = whole_pages(size / count);
        if (each < SMALLEST) each = SMALLEST;
    }
    if (size < each) return false;
    syscall(SYS_madvise, at, size, MADV_NOHUGEPAGE);
    stack_size = each;
    slab_end = at + size;
    next_low = at;
    if (size > each * count + MB) next_low = (at + MB - 1) / (2 * MB) * (2 * MB) + MB;
    return true;
}

/* Emulators say yes to advice that they do not know: look once whether it was taken. */
static bool unreadable(uintptr_t page) {
    return syscall(SYS_faccessat, AT_FDCWD, page, F_OK) == -1 && errno == EFAULT;
}

static void guard(uintptr_t low) {
    if (!no_guard_advice) {
        if (!gr__fault(GR__FAULT_MADVISE) &&
            syscall(SYS_madvise, low, GR__PAGE, ADVICE_GUARD_INSTALL) == 0 && (made || unreadable(low)))
            return;
        no_guard_advice = true;
    }
    if (protected_count < PROTECTED_AT_MOST) {
        protected_count++;
        syscall(SYS_mprotect, low, GR__PAGE, PROT_NONE);
    }
}

bool gr__stack_new(uintptr_t *low, uintptr_t *high) {
    int saved = gr__os_errno();
    gr__lock(&lock);
    bool ok = (stack_size && next_low + stack_size <= slab_end) || new_slab();
    if (ok) {
        guard(next_low);
        *low = next_low + GR__PAGE;
        *high = next_low += stack_size;
        made++;
    }
    gr__unlock(&lock);
    gr__os_errno_set(saved);
    return ok;
}

void gr__stack_trim(uintptr_t low, uintptr_t high, size_t keep) {
    if (high - low <= keep) return;
    int saved = gr__os_errno();
    syscall(SYS_madvise, low, high - keep - low, MADV_DONTNEED);
    gr__os_errno_set(saved);
}

/* --- running off the end --- */

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
