/* switch.S - AArch64: switch stacks (see arch.h). AAPCS64: x19-x29 and d8-d15 are the callee's; x30 is
 * where to return to. Returns are not signed, so that a context can be made by writing words (no
 * PAC); where calls from elsewhere may land is marked (BTI; a no-operation on older processors). */
        .text
        .globl  gr__switch
        .hidden gr__switch
        .type   gr__switch, %function
        .p2align 4
gr__switch:
        .cfi_startproc
        hint    #34                     /* bti c */
        sub     sp, sp, #160
        .cfi_def_cfa_offset 160
        stp     x19, x20, [sp, #0]
        .cfi_rel_offset x19, 0
        .cfi_rel_offset x20, 8
        stp     x21, x22, [sp, #16]
        .cfi_rel_offset x21, 16
        .cfi_rel_offset x22, 24
        stp     x23, x24, [sp, #32]
        .cfi_rel_offset x23, 32
        .cfi_rel_offset x24, 40
        stp     x25, x26, [sp, #48]
        .cfi_rel_offset x25, 48
        .cfi_rel_offset x26, 56
        stp     x27, x28, [sp, #64]
        .cfi_rel_offset x27, 64
        .cfi_rel_offset x28, 72
        stp     x29, x30, [sp, #80]
        .cfi_rel_offset x29, 80
        .cfi_rel_offset x30, 88
        stp     d8, d9, [sp, #96]
        .cfi_rel_offset d8, 96
        .cfi_rel_offset d9, 104
        stp     d10, d11, [sp, #112]
        .cfi_rel_offset d10, 112
        .cfi_rel_offset d11, 120
        stp     d12, d13, [sp, #128]
        .cfi_rel_offset d12, 128
        .cfi_rel_offset d13, 136
        stp     d14, d15, [sp, #144]
        .cfi_rel_offset d14, 144
        .cfi_rel_offset d15, 152
        /* Once *save is there another thread may run on this stack: all of the above comes before
         * it, and this thread has left the stack, also for signals. */
        mov     x9, sp
        mov     sp, x1
        stlr    x9, [x0]
        ldp     x19, x20, [sp, #0]
        ldp     x21, x22, [sp, #16]
        ldp     x23, x24, [sp, #32]
        ldp     x25, x26, [sp, #48]
        ldp     x27, x28, [sp, #64]
        ldp     x29, x30, [sp, #80]
        ldp     d8, d9, [sp, #96]
        ldp     d10, d11, [sp, #112]
        ldp     d12, d13, [sp, #128]
        ldp     d14, d15, [sp, #144]
        add     sp, sp, #160
        .cfi_def_cfa_offset 0
        .cfi_restore x19
        .cfi_restore x20
        .cfi_restore x21
        .cfi_restore x22
        .cfi_restore x23
        .cfi_restore x24
        .cfi_restore x25
        .cfi_restore x26
        .cfi_restore x27
        .cfi_restore x28
        .cfi_restore x29
        .cfi_restore x30
        .cfi_restore d8
        .cfi_restore d9
        .cfi_restore d10
        .cfi_restore d11
        .cfi_restore d12
        .cfi_restore d13
        .cfi_restore d14
        .cfi_restore d15
        ret
        .cfi_endproc
        .size   gr__switch, .-gr__switch

        .globl  gr__stack_entry
        .hidden gr__stack_entry
        .type   gr__stack_entry, %function
        .p2align 4
gr__stack_entry:                        /* entered by the return above */
        .cfi_startproc
        .cfi_undefined x30
        hint    #34
        mov     x29, xzr
        mov     x30, xzr
        bl      gr__g_begin
        brk     #1
        .cfi_endproc
        .size   gr__stack_entry, .-gr__stack_entry

        .section .note.GNU-stack,"",%progbits

        /* GNU_PROPERTY_AARCH64_FEATURE_1_AND: BTI */
        .section .note.gnu.property,"a",%note
        .p2align 3
        .word   4, 16, 5
        .asciz  "GNU"
        .word   0xc0000000, 4, 1, 0
