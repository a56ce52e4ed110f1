/* setjmp.S - notes the calling context of a jump buffer, then goes on in the real function, which must
 * find the stack and the link register as its caller left them. See jump.c. */
        .text

        .macro ENTRY name, real
        .globl  \name
        .weak   \name
        .type   \name, %function
\name:
        .cfi_startproc
        stp     x29, x30, [sp, #-32]!
        .cfi_adjust_cfa_offset 32
        stp     x0, x1, [sp, #16]
        bl      gr__jump_note
        ldp     x0, x1, [sp, #16]
        ldp     x29, x30, [sp], #32
        .cfi_adjust_cfa_offset -32
        adrp    x16, \real
        ldr     x16, [x16, :lo12:\real]
        br      x16
        .cfi_endproc
        .size   \name, . - \name
        .endm

        ENTRY   setjmp, gr__real_setjmp
        ENTRY   _setjmp, gr__real__setjmp
        ENTRY   __sigsetjmp, gr__real_sigsetjmp

        .section .note.GNU-stack, "", %progbits
