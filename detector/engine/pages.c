/* pages.c - see pages.h. System calls keep the caller's errno except where a failure is returned. */
#include "detector/engine/pages.h"

#include "detector/engine/engine.h"

#include <errno.h>
#include <stdbool.h>
#include <sys/mman.h>

/* What was reserved, in no order. Only added to, while there is one thread. */
static struct { uintptr_t low, high; } reserved[64];
static unsigned reservations;

static void note(uintptr_t low, size_t size) {
    if (reservations == sizeof reserved / sizeof reserved[0]) return;
    reserved[reservations].low = low;
    reserved[reservations++].high = low + size;
}

bool gr__engine_memory(uintptr_t address, uintptr_t *low, uintptr_t *high) {
    bool found = false;
    for (unsigned i = 0; i < reservations; i++) {
        if (reserved[i].high <= address || (found && reserved[i].low >= *low)) continue;
        *low = reserved[i].low;
        *high = reserved[i].high;
        found = true;
    }
    return found;
}

void *gr__pages_reserve(uintptr_t at, size_t size) {
    int fixed = at ? MAP_FIXED_NOREPLACE : 0;
    void *p = mmap((void *)at, size, PROT_READ | PROT_WRITE,
                   MAP_PRIVATE | MAP_ANONYMOUS | MAP_NORESERVE | fixed, -1, 0);
    if (p == MAP_FAILED) return NULL;
    if (at && p != (void *)at) { /* a kernel before 4.17 takes the address for a hint */
        munmap(p, size);
        errno = EEXIST;
        return NULL;
    }
    note((uintptr_t)p, (size + GR__PAGE - 1) & ~(GR__PAGE - 1));
    int saved = errno; /* advice may fail, and nothing is lost */
    madvise(p, size, MADV_DONTDUMP);
    madvise(p, size, MADV_NOHUGEPAGE);
    errno = saved;
    return p;
}

void gr__pages_forget(void *low, size_t size) {
    int saved = errno;
    madvise(low, size, MADV_DONTNEED);
    errno = saved;
}

#ifndef MADV_POPULATE_WRITE
#define MADV_POPULATE_WRITE 23 /* Linux 5.14 */
#endif

void gr__pages_expect(void *low, size_t size) {
    static bool cannot; /* atomic */
    if (__atomic_load_n(&cannot, __ATOMIC_RELAXED)) return;
    int saved = errno;
    if (madvise(low, size, MADV_POPULATE_WRITE) && errno == EINVAL)
        __atomic_store_n(&cannot, true, __ATOMIC_RELAXED);
    errno = saved;
}

void gr__pages_each_touched(uintptr_t low, uintptr_t high,
                            void (*visit)(uintptr_t low, uintptr_t high, void *argument),
                            void *argument) {
    enum { BATCH = 512 };
    unsigned char resident[BATCH];
    int saved = errno;
    for (uintptr_t at = low; at < high;) {
        uintptr_t page = at & ~(GR__PAGE - 1);
        size_t count = (size_t)((high - page + GR__PAGE - 1) / GR__PAGE);
        if (count > BATCH) count = BATCH;
        /* A page in swap is not resident yet not zero; mincore says so only for some kernels, and
         * then its records are missed. */
        bool known = mincore((void *)page, count * GR__PAGE, resident) == 0;
        for (size_t i = 0; i < count; i++) {
            uintptr_t begin = page + i * GR__PAGE, end = begin + GR__PAGE;
            if (known && !(resident[i] & 1)) continue;
            visit(begin < at ? at : begin, end > high ? high : end, argument);
        }
        at = page + count * GR__PAGE;
    }
    errno = saved;
}
