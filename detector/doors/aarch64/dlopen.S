/* dlopen.S - dlopen looks where its caller lies: a library's own search path counts. What asks from within
 * a library, and does not say where, goes straight on to the real one, which sees who called; all else
 * goes to gr__loader_open. See libc_loader.c. */
        .text
        .globl  dlopen
        .weak   dlopen
        .type   dlopen, %function
dlopen:
        .cfi_startproc
        stp     x29, x30, [sp, #-32]!
        .cfi_adjust_cfa_offset 32
        stp     x0, x1, [sp, #16]
        mov     x2, x30
        bl      gr__loader_tells_caller
        and     w16, w0, #1
        ldp     x0, x1, [sp, #16]
        ldp     x29, x30, [sp], #32
        .cfi_adjust_cfa_offset -32
        cbnz    w16, 1f
        mov     x2, x30
        b       gr__loader_open
1:      adrp    x16, gr__real_dlopen
        ldr     x16, [x16, :lo12:gr__real_dlopen]
        br      x16
        .cfi_endproc
        .size   dlopen, . - dlopen

        .section .note.GNU-stack, "", %progbits
