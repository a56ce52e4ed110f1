/* stack.c - goroutine stacks: large reservations whose pages come when they are touched.
 *
 * Stacks are cut from slabs, one mapping for many, so that a million of them do not run into the
 * kernel's limit of mappings. The lowest page of each is a guard. Boundaries lie in the middle of
 * what one page table spans, so that the top of a stack and the guard of the next share a table.
 * A stack belongs to its goroutine's descriptor for good. */
#include "runtime/sched/internal.h"

#include "runtime/os/os.h"

#include <errno.h>
#include <sys/mman.h>
#include <sys/syscall.h>
#include <unistd.h>

#ifndef MAP_FIXED_NOREPLACE
#define MAP_FIXED_NOREPLACE 0x100000
#endif
#define ADVICE_GUARD_INSTALL 102

#define MB ((size_t)1 << 20)

enum { PROTECTED_AT_MOST = 8000, KEEP_WARM = 16 * 1024 };

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
    int flags = MAP_PRIVATE | MAP_ANONYMOUS | MAP_NORESERVE;
#ifdef GR_RACE
    while (place + size <= place_end) {
        uintptr_t at = place;
        place += size;
        long got = syscall(SYS_mmap, at, size, PROT_READ | PROT_WRITE, flags | MAP_FIXED_NOREPLACE,
                           -1, 0);
        if ((uintptr_t)got == at) return at;
        if (got == -1 && errno == ENOMEM) return 0;
        if (got != -1) syscall(SYS_munmap, got, size);
    }
    return 0;
#else
    long got = syscall(SYS_mmap, NULL, size, PROT_READ | PROT_WRITE, flags, -1, 0);
    return got == -1 ? 0 : (uintptr_t)got;
#endif
}

/* A new slab: 64 stacks at first, then as many as a goroutine explosion wants. Under a limit of the
 * address space stacks get smaller until they fit. */
static bool new_slab(void) {
    size_t each = size_for(made);
    size_t count = made < 1024 ? 64 : 1024;
    if (stack_size && each > stack_size) each = stack_size;
    for (; each >= 64 * 1024; each /= 2, count = count > 16 ? count / 2 : count) {
        uintptr_t at = reserve(each * count + 2 * MB);
        if (!at) continue;
        syscall(SYS_madvise, at, each * count + 2 * MB, MADV_NOHUGEPAGE);
        stack_size = each;
        next_low = (at + 2 * MB - 1) / (2 * MB) * (2 * MB) + (each >= 2 * MB ? MB : 0);
        slab_end = at + each * count + 2 * MB;
        return true;
    }
    return false;
}

static void guard(uintptr_t low) {
    if (!no_guard_advice) {
        if (syscall(SYS_madvise, low, GR__PAGE, ADVICE_GUARD_INSTALL) == 0) return;
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

void gr__stack_trim(uintptr_t low, uintptr_t high) {
    if (high - low <= KEEP_WARM) return;
    int saved = gr__os_errno();
    syscall(SYS_madvise, low, high - KEEP_WARM - low, MADV_DONTNEED);
    gr__os_errno_set(saved);
}
