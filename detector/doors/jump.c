/* jump.c - setjmp and longjmp, getcontext and its kin: the calling context goes with the stack. The ways
 * into setjmp, getcontext, swapcontext and makecontext are in <arch>/setjmp.S and <arch>/context.S, because
 * a function that is called from there must not have returned.
 *
 * A context that the program switches to goes on as the actor of the thread that it runs on: switching
 * orders nothing, and does not need to. What it has called so far is its own.
 *
 * What is remembered of a buffer may be overwritten by another's: then stacks in reports show calls that
 * were jumped out of, and nothing else is wrong. Entries are single words, so no lock is needed. */
#include "detector/doors/calls.h"
#include "detector/doors/interpose.h"
#include "detector/doors/waits.h"

enum { SETS = 1 << 12, WAYS = 4 };
static uint64_t entries[SETS][WAYS]; /* atomic: bits of the buffer's address above, context below */
static uint32_t victim;              /* atomic: any */

#define HIDDEN __attribute__((visibility("hidden")))

static uint64_t *set_of(const void *buffer) {
    return entries[((uintptr_t)buffer >> 3) * 0x9e3779b97f4a7c15ull >> 52];
}
static uint64_t tag_of(const void *buffer) { return (uintptr_t)buffer << 29 & ~0xffffffffull; }

static uint64_t *find(const void *buffer) {
    uint64_t *set = set_of(buffer);
    for (unsigned i = 0; i < WAYS; i++)
        if ((GR__LOAD_RELAXED(&set[i]) & ~0xffffffffull) == tag_of(buffer)) return &set[i];
    return NULL;
}

static void note(const void *buffer, gr__loc context) {
    uint64_t *entry = find(buffer);
    if (!entry) entry = &set_of(buffer)[GR__ADD(&victim, 1) % WAYS];
    GR__STORE_RELAXED(entry, tag_of(buffer) | context);
}

static void go_back(const void *buffer) {
    gr__call_end();
    gr__waits_forget(); /* a handler may jump out of a call that waits */
    const uint64_t *entry = gr__seen() ? find(buffer) : NULL;
    uint64_t e = entry ? GR__LOAD_RELAXED(entry) : 0;
    if (entry && (e & ~0xffffffffull) == tag_of(buffer)) gr__me->context = (gr__loc)e;
}

/* Called by setjmp.S and context.S. */
HIDDEN void gr__jump_note(const void *buffer);
void gr__jump_note(const void *buffer) {
    if (gr__seen()) note(buffer, gr__me->context);
}

HIDDEN void gr__jump_switch(const ucontext_t *from, const ucontext_t *to);
void gr__jump_switch(const ucontext_t *from, const ucontext_t *to) {
    gr__jump_note(from);
    go_back(to);
}

/* Registers that a call keeps, and that makecontext leaves alone. */
#if defined(__x86_64__)
#define KEPT(context, n) (context)->uc_mcontext.gregs[(n) ? REG_R14 : REG_R12]
#else
#define KEPT(context, n) (context)->uc_mcontext.regs[(n) ? 21 : 20]
#endif

/* The context will begin in gr__context_start, which calls function, and before it goes on with the one
 * that is linked, gr__context_end. Nobody has called it. */
HIDDEN void gr__context_make(ucontext_t *context, void (*function)(void));
void gr__context_make(ucontext_t *context, void (*function)(void)) {
    KEPT(context, 0) = (__typeof__(KEPT(context, 0)))(uintptr_t)function;
    KEPT(context, 1) = (__typeof__(KEPT(context, 1)))(uintptr_t)context->uc_link;
    note(context, 0);
}

HIDDEN void gr__context_end(const ucontext_t *link);
void gr__context_end(const ucontext_t *link) {
    if (link) go_back(link);
}

/* Where the real ones are, for setjmp.S and context.S. */
HIDDEN int (*gr__real_setjmp)(void *);
HIDDEN int (*gr__real__setjmp)(void *);
HIDDEN int (*gr__real_sigsetjmp)(void *, int);
HIDDEN int (*gr__real_getcontext)(ucontext_t *);
HIDDEN int (*gr__real_swapcontext)(ucontext_t *, const ucontext_t *);
HIDDEN void (*gr__real_makecontext)(ucontext_t *, void (*)(void), int, ...);

void gr__jumps_init(void) {
    gr__real_setjmp = REAL(setjmp);
    gr__real__setjmp = REAL(_setjmp);
    gr__real_sigsetjmp = REAL(__sigsetjmp);
    gr__real_getcontext = REAL(getcontext);
    gr__real_swapcontext = REAL(swapcontext);
    gr__real_makecontext = REAL(makecontext);
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

GR__EXPORT int setcontext(const ucontext_t *to) {
    go_back(to);
    return REAL(setcontext)(to);
}
