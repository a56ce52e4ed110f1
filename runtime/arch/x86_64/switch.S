/* switch.S - x86-64: where a new stack begins (see arch.h); the switch itself is inline there. */
        .text
        .globl  gr__stack_entry
        .hidden gr__stack_entry
        .type   gr__stack_entry, @function
        .p2align 4
gr__stack_entry:
        .cfi_startproc
        .cfi_undefined rip
        popq    %rbp
        .cfi_def_cfa_offset 0
        jmp     gr__g_begin
        .cfi_endproc
        .size   gr__stack_entry, .-gr__stack_entry

        .section .note.GNU-stack,"",@progbits
