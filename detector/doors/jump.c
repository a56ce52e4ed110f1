/* jump.c - setjmp and longjmp: the calling context goes back with the stack. The way into setjmp is in
 * <arch>/setjmp.S, because a function that is called from there must not have returned.
 *
 * What is remembered of a buffer may be overwritten by another's: then stacks in reports show calls that
 * were jumped out of, and nothing else is wrong. Entries are single words, so no lock is needed. */
#include "detector/doors/interpose.h"

enum { ENTRIES = 1 << 14 };
static uint64_t entries[ENTRIES]; /* atomic: bits of the buffer's address above, context below */

static uint64_t *entry_of(const void *buffer) {
    return &entries[((uintptr_t)buffer >> 3) * 0x9e3779b97f4a7c15ull >> 50];
}
static uint64_t tag_of(const void *buffer) { return (uintptr_t)buffer << 29; }

/* Called by setjmp.S. */
__attribute__((visibility("hidden"))) void gr__jump_note(const void *buffer);
void gr__jump_note(const void *buffer) {
    if (gr__seen()) GR__STORE_RELAXED(entry_of(buffer), (tag_of(buffer) & ~0xffffffffull) | gr__me->context);
}

static void go_back(const void *buffer) {
    uint64_t e = GR__LOAD_RELAXED(entry_of(buffer));
    if (gr__seen() && (e ^ tag_of(buffer)) >> 32 == 0) gr__me->context = (gr__loc)e;
}

/* Where the real ones are, for setjmp.S. */
__attribute__((visibility("hidden"))) int (*gr__real_setjmp)(void *);
__attribute__((visibility("hidden"))) int (*gr__real__setjmp)(void *);
__attribute__((visibility("hidden"))) int (*gr__real_sigsetjmp)(void *, int);

void gr__jumps_init(void) {
    gr__real_setjmp = REAL(setjmp);
    gr__real__setjmp = REAL(_setjmp);
    gr__real_sigsetjmp = REAL(__sigsetjmp);
}

#pragma GCC diagnostic ignored "-Wmissing-prototypes"
#define JUMP(name)                                                                                \
    GR__EXPORT _Noreturn void name(struct __jmp_buf_tag buffer[1], int value) {                   \
        go_back(buffer);                                                                          \
        REAL(name)(buffer, value);                                                                \
        __builtin_unreachable();                                                                  \
    }
JUMP(longjmp)
JUMP(_longjmp)
JUMP(siglongjmp)
JUMP(__longjmp_chk)
