/* memory.c - pages from the kernel and blocks cut out of them.
 *
 * Blocks come in size classes of four steps to a power of two; each class has a lock, a list of
 * free blocks and a chunk that it cuts new ones from. Chunks are never given back. Any thread.
 */
#include "runtime/base/base.h"

#include "runtime/base/fault.h"

#include <errno.h>
#include <sys/mman.h>
#include <sys/syscall.h>
#include <unistd.h>

/* AddressSanitizer takes what is free for out of bounds. */
#ifdef GR__ADDRESS_SANITIZED
#include <sanitizer/asan_interface.h>
static void hide(void *block, size_t size) { __asan_poison_memory_region(block, size); }
static void show(void *block, size_t size) { __asan_unpoison_memory_region(block, size); }
#else
static inline void hide(void *block, size_t size) { (void)block, (void)size; }
static inline void show(void *block, size_t size) { (void)block, (void)size; }
#endif

enum { CLASSES = 64, CHUNK = 256 * 1024, LARGEST = 32 * 1024 };

typedef struct block { struct block *next; } block;

static struct size_class {
    uint32_t lock;
    block *free;
    char *fresh, *end;
} classes[CLASSES];

void gr__memory_accounts(uintptr_t *low, uintptr_t *high) {
    *low = (uintptr_t)classes;
    *high = (uintptr_t)(classes + CLASSES);
}

static size_t whole_pages(size_t size) { return (size + GR__PAGE - 1) & ~(GR__PAGE - 1); }

static long map(uintptr_t hint, size_t size) {
    return syscall(SYS_mmap, hint, size, PROT_READ | PROT_WRITE,
                   MAP_PRIVATE | MAP_ANONYMOUS | MAP_NORESERVE, -1, 0);
}

#ifdef GR_RACE
/* From low to high, and then into the holes: the kernel takes the hint where there is room. */
static long map_there(size_t size) {
    enum { TRIES = 64 };
    static uintptr_t next = GR__PAGES_LOW; /* atomic */
    size_t whole = whole_pages(size);
    for (int i = 0; i < TRIES; i++) {
        uintptr_t at = __atomic_fetch_add(&next, whole, __ATOMIC_RELAXED);
        if (at + whole > GR__PAGES_HIGH || at + whole < at) {
            __atomic_store_n(&next, GR__PAGES_LOW, __ATOMIC_RELAXED);
            if (whole > (GR__PAGES_HIGH - GR__PAGES_LOW) / 2) break;
            continue;
        }
        long got = map(at, size);
        if (got == -1 || (uintptr_t)got == at) return got;
        syscall(SYS_munmap, got, size);
    }
    return map(0, size);
}
#else
static long map_there(size_t size) { return map(0, size); }
#endif

void *gr__pages(size_t size) {
    if (gr__fault(GR__FAULT_MMAP)) return NULL;
    int saved = errno;
    long at = map_there(size);
    errno = saved;
    return at == -1 ? NULL : (void *)at;
}

void gr__pages_free(void *pages, size_t size) {
    int saved = errno;
    syscall(SYS_munmap, pages, size);
    errno = saved;
}

/* Class of a size and the size of its blocks: 16, 32, 48, 64, 80, 96, 112, 128, 160, ... */
static unsigned class_of(size_t size, size_t *rounded) {
    if (size <= 64) {
        unsigned k = size ? (unsigned)((size + 15) / 16 - 1) : 0;
        *rounded = 16 * (size_t)(k + 1);
        return k;
    }
    unsigned power = 63 - (unsigned)__builtin_clzll(size - 1);  /* 2^power < size */
    size_t step = (size_t)1 << (power - 2);
    size_t steps = (size - ((size_t)1 << power) + step - 1) / step;
    *rounded = ((size_t)1 << power) + steps * step;
    return 3 + (power - 6) * 4 + (unsigned)steps;
}

void *gr__alloc(size_t size) {
    if (size > LARGEST) return gr__pages(whole_pages(size));
    size_t rounded;
    struct size_class *c = &classes[class_of(size, &rounded)];
    gr__lock(&c->lock);
    block *b = c->free;
    if (b) {
        show(b, rounded);
        c->free = b->next;
        if (size < rounded) hide((char *)b + size, rounded - size);
    } else {
        if ((size_t)(c->end - c->fresh) < rounded) {
            char *chunk = gr__pages(CHUNK);
            if (!chunk) {
                gr__unlock(&c->lock);
                return NULL;
            }
            hide(chunk, CHUNK);
            c->fresh = chunk;
            c->end = chunk + CHUNK;
        }
        b = (block *)(void *)c->fresh;
        c->fresh += rounded;
        show(b, size);
        gr__unlock(&c->lock);
        return b;
    }
    gr__unlock(&c->lock);
    gr__zero(b, size);
    return b;
}

void gr__free(void *memory, size_t size) {
    if (size > LARGEST) {
        gr__pages_free(memory, whole_pages(size));
        return;
    }
    size_t rounded;
    struct size_class *c = &classes[class_of(size, &rounded)];
    block *b = memory;
    gr__lock(&c->lock);
    show(b, sizeof *b);
    b->next = c->free;
    c->free = b;
    hide(b, rounded);
    gr__unlock(&c->lock);
}
