/* arch.h - front door of the arch room: switching stacks. One folder per processor. */
#ifndef GR_RUNTIME_ARCH_H
#define GR_RUNTIME_ARCH_H

#include <stdint.h>

/* Where a new stack begins: its frame-pointer chain ends there. Goes on in gr__g_begin. */
void gr__stack_entry(void);
_Noreturn void gr__g_begin(void);

/* gr__switch(save, load): save this stack's registers on it, leave it, and then tell its pointer in *save,
 * released: another thread may go on with it from then on, and a signal must not find us there. Go on
 * with what was saved at `load`. Returns when somebody switches back. */
#if defined(__x86_64__)
/* Inline, and by a jump: what is not called need not return, so the processor's stack of return addresses
 * stays right, and the compiler saves only the registers that it uses. Files that call it are compiled
 * without a red zone. */
#ifdef __AVX512F__              /* where compilers put what they have no other register for */
#define GR__MORE_REGISTERS , "k0", "k1", "k2", "k3", "k4", "k5", "k6", "k7", "xmm16", "xmm17", "xmm18", "xmm19", \
        "xmm20", "xmm21", "xmm22", "xmm23", "xmm24", "xmm25", "xmm26", "xmm27", "xmm28", "xmm29", "xmm30", "xmm31"
#else
#define GR__MORE_REGISTERS
#endif
static inline __attribute__((always_inline)) void gr__switch(void **save, void *load) {
    __asm__ volatile(
        "pushq %%rbp\n\t"
        "leaq 1f(%%rip), %%rax\n\t"
        "pushq %%rax\n\t"
        "movq %%rsp, %%rax\n\t"
        "movq %1, %%rsp\n\t"
        "movq %%rax, (%0)\n\t"
        "popq %%rcx\n\t"
        "jmpq *%%rcx\n"
        "1:\tpopq %%rbp"
        : "+D"(save), "+S"(load)
        :
        : "rax", "rbx", "rcx", "rdx", "r8", "r9", "r10", "r11", "r12", "r13", "r14", "r15", "xmm0",
          "xmm1", "xmm2", "xmm3", "xmm4", "xmm5", "xmm6", "xmm7", "xmm8", "xmm9", "xmm10", "xmm11",
          "xmm12", "xmm13", "xmm14", "xmm15", "memory", "cc" GR__MORE_REGISTERS);
}
#undef GR__MORE_REGISTERS
/* A saved context, in words from the stack pointer up; where gr__stack_entry begins, there is one more
 * for the return address of gr__g_begin: none. */
enum { GR__SAVED_PC = 0, GR__SAVED_FRAME = 1, GR__SAVED_WORDS = 2, GR__NEW_WORDS = 3 };
#elif defined(__aarch64__)
void gr__switch(void **save, void *load);
enum { GR__SAVED_FRAME = 10, GR__SAVED_PC = 11, GR__SAVED_WORDS = 20, GR__NEW_WORDS = 20 };
#else
#error "gorace: no context switch for this processor"
#endif

/* Prepare a stack that ends at `top`, so that gr__switch to the result calls gr__g_begin. */
static inline void *gr__stack_prepare(uintptr_t top) {
    uintptr_t *sp = (uintptr_t *)(top & ~(uintptr_t)15) - GR__NEW_WORDS;
    sp[GR__SAVED_PC] = (uintptr_t)gr__stack_entry;
    sp[GR__SAVED_FRAME] = 0;
    sp[GR__NEW_WORDS - 1] = 0;
    return sp;
}

#endif
