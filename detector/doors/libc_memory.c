/* libc_memory.c - malloc's family, mmap and its like. Any thread.
 *
 * A block is marked freed before the real free and made after the real malloc, so nobody else has its
 * memory while its history changes. While the real functions are looked up, dlsym may allocate: it
 * gets pieces of an arena that are never given back. */
#include "detector/doors/interpose.h"
#include "detector/doors/log.h"
#include "detector/finding/finding.h"
#include "detector/trace/trace.h"

#include <errno.h>
#include <malloc.h>
#include <stdarg.h>
#include <stdint.h>
#include <sys/shm.h>

enum { EARLY = 64 * 1024 };

static char early[EARLY] __attribute__((aligned(16)));
static size_t early_used; /* only the first thread's, before main */

static bool is_early(const void *p) {
    return (uintptr_t)p >= (uintptr_t)early && (uintptr_t)p < (uintptr_t)early + EARLY;
}

/* Its size stands before it. */
static void *early_alloc(size_t size) {
    size_t room = (size + 31) & ~(size_t)15;
    if (size > EARLY || room > EARLY - early_used) return NULL;
    char *p = early + early_used;
    early_used += room;
    *(size_t *)(void *)p = size;
    return p + 16;
}

static void *made(void *p, size_t size, uintptr_t pc) {
    if (p && gr__seen()) gr__heap_alloc(gr__me, (uintptr_t)p, size, gr__here_whole(pc));
    else if (p) gr__extent_forget((uintptr_t)p, size);
    return p;
}

static size_t unmade(void *p, uintptr_t pc) {
    if (!gr__seen()) return SIZE_MAX;
    gr__actor *me = gr__me;
    bool passes = !gr__looks(); /* then it is no access; that the block is gone stays known */
    me->ignore += passes;
    size_t size = gr__heap_free(me, (uintptr_t)p, gr__here(pc));
    me->ignore -= passes;
    return size;
}

GR__EXPORT void *malloc(size_t size) {
    if (GR__UNLIKELY(!REAL(malloc))) return early_alloc(size);
    return made(REAL(malloc)(size), size, PLACE);
}

GR__EXPORT void *calloc(size_t count, size_t size) {
    if (GR__UNLIKELY(!REAL(calloc))) return early_alloc(count * size);
    return made(REAL(calloc)(count, size), count * size, PLACE);
}

GR__EXPORT void free(void *p) {
    if (!p || GR__UNLIKELY(is_early(p) || !REAL(free))) return;
    unmade(p, PLACE);
    REAL(free)(p);
}

static void *moved(void *p, size_t size, uintptr_t pc) {
    if (!p) return made(REAL(malloc)(size), size, pc);
    if (GR__UNLIKELY(is_early(p))) {
        void *q = made(REAL(malloc)(size), size, pc);
        size_t old = *(const size_t *)(void *)((char *)p - 16);
        if (q) gr__copy(q, p, old < size ? old : size);
        return q;
    }
    size_t old = unmade(p, pc);
    void *q = REAL(realloc)(p, size);
    if (q) return made(q, size, pc);
    if (size && old != SIZE_MAX) made(p, old, pc); /* it stays where it is */
    return NULL;
}

GR__EXPORT void *realloc(void *p, size_t size) {
    if (GR__UNLIKELY(!REAL(realloc))) {
        void *q = early_alloc(size);
        if (p && q) gr__copy(q, p, size);
        return q;
    }
    return moved(p, size, PLACE);
}

GR__EXPORT void *reallocarray(void *p, size_t count, size_t size) {
    size_t all;
    if (__builtin_mul_overflow(count, size, &all)) {
        errno = ENOMEM;
        return NULL;
    }
    return moved(p, all, PLACE);
}

GR__EXPORT int posix_memalign(void **p, size_t alignment, size_t size) {
    HERE;
    int failed = REAL(posix_memalign)(p, alignment, size);
    if (failed) return failed;
    WRITES(p, sizeof *p);
    made(*p, size, pc);
    return 0;
}
GR__EXPORT void *aligned_alloc(size_t alignment, size_t size) {
    return made(REAL(aligned_alloc)(alignment, size), size, PLACE);
}
GR__EXPORT void *memalign(size_t alignment, size_t size) {
    return made(REAL(memalign)(alignment, size), size, PLACE);
}
GR__EXPORT void *valloc(size_t size) { return made(REAL(valloc)(size), size, PLACE); }
GR__EXPORT void *pvalloc(size_t size) { return made(REAL(pvalloc)(size), size, PLACE); }

/* Who asks for it may use what is behind the block's end too: that is as new as the block. */
GR__EXPORT size_t malloc_usable_size(void *p) {
    size_t usable = REAL(malloc_usable_size)(p);
    gr__heap_block block;
    if (p && gr__seen() && gr__heap_find((uintptr_t)p, &block) && block.low == (uintptr_t)p &&
        !block.freed && block.size < usable)
        gr__memory_reset(block.low + block.size, usable - block.size);
    return usable;
}

/* --- mappings. madvise gives no block away: what it does to memory is not told. --- */

#pragma GCC diagnostic ignored "-Wmissing-prototypes"

/* What was there before is gone; libc itself maps and unmaps unseen. */
static void *mapped(void *p, size_t size) {
    if (p != MAP_FAILED && gr__doors_ready) {
        int saved = errno;
        gr__memory_reset((uintptr_t)p, size);
        gr__extent_forget((uintptr_t)p, size);
        errno = saved;
    }
    return p;
}

static bool tells(void) { return gr__me != &gr__nobody || !gr__forked; }

/* For reports: where it was mapped, and that it is no more. */
static void *noted(void *p, size_t size, uintptr_t pc) {
    if (p == MAP_FAILED || !size || !gr__seen()) return p;
    gr__mapping m = {(uintptr_t)p, (uintptr_t)p + size, gr__me->id, gr__here(pc)};
    gr__mapping_made(&m);
    gr__log_range(gr__me, GR__EVENT_MAP, 1, m.low, size, m.at);
    return p;
}
static void unnoted(const void *p, size_t size) {
    if (!size || !gr__doors_ready || !tells()) return;
    gr__mapping_gone((uintptr_t)p, (uintptr_t)p + size);
    if (gr__seen()) gr__log_range(gr__me, GR__EVENT_MAP, 0, (uintptr_t)p, size, 0);
}

GR__EXPORT void *mmap(void *at, size_t size, int protection, int flags, int fd, off_t offset) {
    if (GR__UNLIKELY(!REAL(mmap))) gr__interceptors_init();
    return noted(mapped(REAL(mmap)(at, size, protection, flags, fd, offset), size), size, PLACE);
}
GR__EXPORT void *mmap64(void *at, size_t size, int protection, int flags, int fd, off64_t offset) {
    if (GR__UNLIKELY(!REAL(mmap64))) gr__interceptors_init();
    return noted(mapped(REAL(mmap64)(at, size, protection, flags, fd, offset), size), size, PLACE);
}
GR__EXPORT int munmap(void *at, size_t size) {
    if (GR__UNLIKELY(!REAL(munmap))) gr__interceptors_init();
    if (((uintptr_t)at & (GR__PAGE - 1)) == 0) {
        mapped(at, size);
        unnoted(at, size);
    }
    return REAL(munmap)(at, size);
}
GR__EXPORT void *mremap(void *at, size_t old_size, size_t size, int flags, ...) {
    va_list more;
    va_start(more, flags);
    void *wanted = flags & MREMAP_FIXED ? va_arg(more, void *) : NULL;
    va_end(more);
    void *p = REAL(mremap)(at, old_size, size, flags, wanted);
    if (p == MAP_FAILED) return p;
    unnoted(at, old_size);
    noted(p, size, PLACE);
    if (p != at) {
        mapped(at, old_size);
        mapped(p, size);
    } else if (size < old_size) {
        mapped((char *)at + size, old_size - size);
    }
    return p;
}

/* Memory above the break is none; what comes there next has no past. */
static void lowered(char *from, char *to) {
    if (to < from) mapped(to, (size_t)(from - to));
}
GR__EXPORT int brk(void *at) {
    char *old = REAL(sbrk)(0);
    int failed = REAL(brk)(at);
    if (!failed && old != (char *)-1) lowered(old, at);
    return failed;
}
GR__EXPORT void *sbrk(intptr_t more) {
    char *old = REAL(sbrk)(more);
    if (old != (char *)-1 && more < 0) lowered(old, old + more);
    return old;
}

GR__EXPORT void *shmat(int id, const void *at, int flags) {
    struct shmid_ds about;
    void *p = REAL(shmat)(id, at, flags);
    int saved = errno;
    if (p != MAP_FAILED && shmctl(id, IPC_STAT, &about) == 0) mapped(p, about.shm_segsz);
    errno = saved;
    return p;
}
