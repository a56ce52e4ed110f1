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

enum { PROTECTED_AT_MOST = 8000 };

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

/* Room for a slab of at most *size bytes. Where addresses are limited (ulimit -v), a `part`th of what can
 * still be had: so there is always some left, for smaller stacks and for the program. */
static uintptr_t reserve_some(size_t *size, size_t part) {
    uintptr_t at = reserve(*size);
    if (at) return at;
    while (!at && *size >= part * SMALLEST) at = reserve(*size = whole_pages(*size / 2));
    if (!at) return 0;
    syscall(SYS_munmap, at, *size);
    *size = whole_pages(*size / part);
    return reserve(*size);
}

/* A new slab: 64 stacks at first, then as many as a goroutine explosion wants. */
static bool new_slab(void) {
    size_t each = size_for(made) + STAGGER, count = made < 1024 ? 64 : 1024;
    size_t size = each * count + 2 * MB;
    uintptr_t at = reserve_some(&size, made < 64 ? 8 : 32);
    if (!at) return false;
    if (size < each * count) {
        if (made >= 64) count = 1024;
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
