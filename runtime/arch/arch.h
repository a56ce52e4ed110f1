/* arch.h - front door of the arch room: switching stacks. One folder per processor. */
#ifndef GR_RUNTIME_ARCH_H
#define GR_RUNTIME_ARCH_H

#include <stdint.h>

/* Save the callee-saved registers on this stack and its pointer in *save; go on with what was
 * saved at `load`. Returns when somebody switches back. */
void gr__switch(void **save, void *load);

/* Where a new stack begins: its frame-pointer chain ends there. Calls gr__g_begin. */
void gr__stack_entry(void);
_Noreturn void gr__g_begin(void);

/* Words of a saved context, from the stack pointer up. */
#if defined(__x86_64__)
enum { GR__SAVED_FRAME = 5, GR__SAVED_PC = 6, GR__SAVED_WORDS = 7 };
#elif defined(__aarch64__)
enum { GR__SAVED_FRAME = 10, GR__SAVED_PC = 11, GR__SAVED_WORDS = 20 };
#else
#error "gorace: no context switch for this processor"
#endif

/* Prepare a stack that ends at `top`, so that gr__switch to the result calls gr__g_begin. */
static inline void *gr__stack_prepare(uintptr_t top) {
    uintptr_t *sp = (uintptr_t *)(top & ~(uintptr_t)15) - GR__SAVED_WORDS;
    for (int i = 0; i < GR__SAVED_WORDS; i++) sp[i] = 0;
    sp[GR__SAVED_PC] = (uintptr_t)gr__stack_entry;
    return sp;
}

#endif
