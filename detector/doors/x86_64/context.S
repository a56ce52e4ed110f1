/* context.S - notes the calling context of what getcontext and its kin save, then goes on in the real
 * function, which must find the stack as its caller left it. See jump.c. */
        .text

        .macro ENTRY name, what, real
        .globl  \name
        .weak   \name
        .type   \name, @function
\name:
        .cfi_startproc
        endbr64
        pushq   %rdi
        .cfi_adjust_cfa_offset 8
        pushq   %rsi
        .cfi_adjust_cfa_offset 8
        subq    $8, %rsp
        .cfi_adjust_cfa_offset 8
        call    \what
        addq    $8, %rsp
        .cfi_adjust_cfa_offset -8
        popq    %rsi
        .cfi_adjust_cfa_offset -8
        popq    %rdi
        .cfi_adjust_cfa_offset -8
        jmp     *\real(%rip)
        .cfi_endproc
        .size   \name, . - \name
        .endm

        ENTRY   getcontext, gr__jump_note, gr__real_getcontext
        ENTRY   swapcontext, gr__jump_switch, gr__real_swapcontext

/* All arguments as they are, but for the function. */
        .globl  makecontext
        .weak   makecontext
        .type   makecontext, @function
makecontext:
        .cfi_startproc
        endbr64
        .irp    register, rdi, rsi, rdx, rcx, r8, r9, rax
        pushq   %\register
        .cfi_adjust_cfa_offset 8
        .endr
        call    gr__context_make
        .irp    register, rax, r9, r8, rcx, rdx, rsi, rdi
        popq    %\register
        .cfi_adjust_cfa_offset -8
        .endr
        leaq    gr__context_start(%rip), %rsi
        jmp     *gr__real_makecontext(%rip)
        .cfi_endproc
        .size   makecontext, . - makecontext

/* The call puts its return address where that of libc lay, right below arguments on the stack. */
        .type   gr__context_start, @function
gr__context_start:
        .cfi_startproc
        .cfi_undefined rip
        endbr64
        popq    %r13
        call    *%r12
        movq    %r14, %rdi
        call    gr__context_end
        jmp     *%r13
        .cfi_endproc
        .size   gr__context_start, . - gr__context_start

        .section .note.GNU-stack, "", @progbits
