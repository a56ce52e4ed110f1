/* setjmp.S - notes the calling context of a jump buffer, then goes on in the real function, which must
 * find the stack as its caller left it. See jump.c. */
        .text

        .macro ENTRY name, real
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
        call    gr__jump_note
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

        ENTRY   setjmp, gr__real_setjmp
        ENTRY   _setjmp, gr__real__setjmp
        ENTRY   __sigsetjmp, gr__real_sigsetjmp

        .section .note.GNU-stack, "", @progbits
