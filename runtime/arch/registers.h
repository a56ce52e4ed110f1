/* registers.h - where a stack stands: the registers that the unwinding of it starts from, by the
 * numbers that DWARF gives them. One part for each processor. */
#ifndef GR_RUNTIME_ARCH_REGISTERS_H
#define GR_RUNTIME_ARCH_REGISTERS_H

#include "runtime/arch/arch.h"

#include <ucontext.h>

typedef struct gr__registers {
    uint64_t pc;
    uint64_t known;             /* bit n: value[n] is known */
    uint64_t value[32];
} gr__registers;

/* GR__MACHINE: as ELF numbers them (EM_X86_64, EM_AARCH64). */
#if defined(__x86_64__)
enum { GR__MACHINE = 62, GR__REGISTER_FRAME = 6, GR__REGISTER_SP = 7, GR__REGISTERS = 16 };
/* Their numbers, in the order of a saved context, and where in it they begin: the compiler has saved the
 * others. */
#define GR__SAVED_REGISTERS {GR__REGISTER_FRAME}
enum { GR__SAVED_REGISTERS_AT = GR__SAVED_FRAME };
#elif defined(__aarch64__)
enum { GR__MACHINE = 183, GR__REGISTER_FRAME = 29, GR__REGISTER_SP = 31, GR__REGISTERS = 32 };
#define GR__SAVED_REGISTERS {19, 20, 21, 22, 23, 24, 25, 26, 27, 28, GR__REGISTER_FRAME}
enum { GR__SAVED_REGISTERS_AT = 0 };
#endif

static inline void gr__register_set(gr__registers *r, unsigned number, uint64_t value) {
    r->known |= (uint64_t)1 << number;
    r->value[number] = value;
}

/* Of a stack that gr__switch has left: as they will be when it returns. */
static inline void gr__registers_saved(gr__registers *r, const uintptr_t *sp) {
    static const unsigned char numbers[] = GR__SAVED_REGISTERS;
    r->known = 0;
    for (unsigned i = 0; i < sizeof numbers; i++) gr__register_set(r, numbers[i], sp[GR__SAVED_REGISTERS_AT + i]);
    gr__register_set(r, GR__REGISTER_SP, (uintptr_t)(sp + GR__SAVED_WORDS));
    r->pc = sp[GR__SAVED_PC];
}

/* Of a thread that a signal has interrupted. */
static inline void gr__registers_interrupted(gr__registers *r, const ucontext_t *context) {
    r->known = 0;
#if defined(__x86_64__)
    static const unsigned char at[GR__REGISTERS] = {REG_RAX, REG_RDX, REG_RCX, REG_RBX,
        REG_RSI, REG_RDI, REG_RBP, REG_RSP, REG_R8, REG_R9, REG_R10, REG_R11, REG_R12, REG_R13,
        REG_R14, REG_R15};
    for (unsigned i = 0; i < GR__REGISTERS; i++)
        gr__register_set(r, i, (uint64_t)context->uc_mcontext.gregs[at[i]]);
    r->pc = (uint64_t)context->uc_mcontext.gregs[REG_RIP];
#elif defined(__aarch64__)
    for (unsigned i = 0; i < 31; i++) gr__register_set(r, i, context->uc_mcontext.regs[i]);
    gr__register_set(r, GR__REGISTER_SP, context->uc_mcontext.sp);
    r->pc = context->uc_mcontext.pc;
#endif
}

/* Here; whoever asks must not return before the stack has been read. */
static inline __attribute__((always_inline)) void gr__registers_here(gr__registers *r) {
#if defined(__x86_64__)
    uint64_t at[8];
    __asm__ volatile("leaq 1f(%%rip), %%rax\n"
                     "1:\tmovq %%rax, 0(%0)\n\tmovq %%rsp, 8(%0)\n\tmovq %%rbp, 16(%0)\n"
                     "\tmovq %%rbx, 24(%0)\n\tmovq %%r12, 32(%0)\n\tmovq %%r13, 40(%0)\n"
                     "\tmovq %%r14, 48(%0)\n\tmovq %%r15, 56(%0)"
                     : : "r"(at) : "rax", "memory");
    static const unsigned char numbers[] = {GR__REGISTER_SP, GR__REGISTER_FRAME, 3, 12, 13, 14, 15};
#elif defined(__aarch64__)
    uint64_t at[13];
    __asm__ volatile("adr x9, 1f\n1:\tmov x10, sp\n\tstp x9, x10, [%0]\n"
                     "\tstp x29, x19, [%0, #16]\n\tstp x20, x21, [%0, #32]\n"
                     "\tstp x22, x23, [%0, #48]\n\tstp x24, x25, [%0, #64]\n"
                     "\tstp x26, x27, [%0, #80]\n\tstr x28, [%0, #96]"
                     : : "r"(at) : "x9", "x10", "memory");
    static const unsigned char numbers[] = {GR__REGISTER_SP, GR__REGISTER_FRAME, 19, 20, 21, 22,
                                            23, 24, 25, 26, 27, 28};
#endif
    r->known = 0;
    for (unsigned i = 0; i < sizeof numbers; i++) gr__register_set(r, numbers[i], at[i + 1]);
    r->pc = at[0];
}

#endif
