/* dlopen.S - dlopen looks where its caller lies: a library's own search path counts. What asks from within
 * a library, and does not say where, goes straight on to the real one, which sees who called; all else
 * goes to gr__loader_open. See libc_loader.c. */
        .text
        .globl  dlopen
        .weak   dlopen
        .type   dlopen, @function
dlopen:
        .cfi_startproc
        endbr64
        pushq   %rdi
        .cfi_adjust_cfa_offset 8
        pushq   %rsi
        .cfi_adjust_cfa_offset 8
        subq    $8, %rsp
        .cfi_adjust_cfa_offset 8
        movq    24(%rsp), %rdx
        call    gr__loader_tells_caller
        addq    $8, %rsp
        .cfi_adjust_cfa_offset -8
        popq    %rsi
        .cfi_adjust_cfa_offset -8
        popq    %rdi
        .cfi_adjust_cfa_offset -8
        testb   %al, %al
        jne     1f
        movq    (%rsp), %rdx
        jmp     gr__loader_open
1:      jmp     *gr__real_dlopen(%rip)
        .cfi_endproc
        .size   dlopen, . - dlopen

        .section .note.GNU-stack, "", @progbits
