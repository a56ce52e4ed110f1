/* context.S - notes the calling context of what getcontext and its kin save, then goes on in the real
 * function, which must find the stack and the link register as its caller left them. See jump.c. */
        .text

        .macro ENTRY name, what, real
        .globl  \name
        .weak   \name
        .type   \name, %function
\name:
        .cfi_startproc
        stp     x29, x30, [sp, #-32]!
        .cfi_adjust_cfa_offset 32
        stp     x0, x1, [sp, #16]
        bl      \what
        ldp     x0, x1, [sp, #16]
        ldp     x29, x30, [sp], #32
        .cfi_adjust_cfa_offset -32
        adrp    x16, \real
        ldr     x16, [x16, :lo12:\real]
        br      x16
        .cfi_endproc
        .size   \name, . - \name
        .endm

        ENTRY   getcontext, gr__jump_note, gr__real_getcontext
        ENTRY   swapcontext, gr__jump_switch, gr__real_swapcontext

/* All arguments as they are, but for the function. */
        .globl  makecontext
        .weak   makecontext
        .type   makecontext, %function
makecontext:
        .cfi_startproc
        stp     x29, x30, [sp, #-80]!
        .cfi_adjust_cfa_offset 80
        stp     x0, x1, [sp, #16]
        stp     x2, x3, [sp, #32]
        stp     x4, x5, [sp, #48]
        stp     x6, x7, [sp, #64]
        bl      gr__context_make
        ldp     x0, x1, [sp, #16]
        ldp     x2, x3, [sp, #32]
        ldp     x4, x5, [sp, #48]
        ldp     x6, x7, [sp, #64]
        ldp     x29, x30, [sp], #80
        .cfi_adjust_cfa_offset -80
        adrp    x1, gr__context_start
        add     x1, x1, :lo12:gr__context_start
        adrp    x16, gr__real_makecontext
        ldr     x16, [x16, :lo12:gr__real_makecontext]
        br      x16
        .cfi_endproc
        .size   makecontext, . - makecontext

        .type   gr__context_start, %function
gr__context_start:
        .cfi_startproc
        .cfi_undefined x30
        mov     x22, x30
        blr     x20
        mov     x0, x21
        bl      gr__context_end
        mov     x30, x22
        ret
        .cfi_endproc
        .size   gr__context_start, . - gr__context_start

        .section .note.GNU-stack, "", %progbits
