/* switch.S - x86-64: switch stacks (see arch.h). System V ABI: rbx, rbp, r12-r15 are the callee's. */
        .text
        .globl  gr__switch
        .hidden gr__switch
        .type   gr__switch, @function
        .p2align 4
gr__switch:
        .cfi_startproc
        pushq   %rbp
        .cfi_adjust_cfa_offset 8
        .cfi_rel_offset rbp, 0
        pushq   %rbx
        .cfi_adjust_cfa_offset 8
        .cfi_rel_offset rbx, 0
        pushq   %r12
        .cfi_adjust_cfa_offset 8
        .cfi_rel_offset r12, 0
        pushq   %r13
        .cfi_adjust_cfa_offset 8
        .cfi_rel_offset r13, 0
        pushq   %r14
        .cfi_adjust_cfa_offset 8
        .cfi_rel_offset r14, 0
        pushq   %r15
        .cfi_adjust_cfa_offset 8
        .cfi_rel_offset r15, 0
        movq    %rsp, (%rdi)
        movq    %rsi, %rsp
        popq    %r15
        .cfi_adjust_cfa_offset -8
        .cfi_restore r15
        popq    %r14
        .cfi_adjust_cfa_offset -8
        .cfi_restore r14
        popq    %r13
        .cfi_adjust_cfa_offset -8
        .cfi_restore r13
        popq    %r12
        .cfi_adjust_cfa_offset -8
        .cfi_restore r12
        popq    %rbx
        .cfi_adjust_cfa_offset -8
        .cfi_restore rbx
        popq    %rbp
        .cfi_adjust_cfa_offset -8
        .cfi_restore rbp
        ret
        .cfi_endproc
        .size   gr__switch, .-gr__switch

        .globl  gr__stack_entry
        .hidden gr__stack_entry
        .type   gr__stack_entry, @function
        .p2align 4
gr__stack_entry:
        .cfi_startproc
        .cfi_undefined rip
        xorl    %ebp, %ebp
        call    gr__g_begin
        ud2
        .cfi_endproc
        .size   gr__stack_entry, .-gr__stack_entry

        .section .note.GNU-stack,"",@progbits
