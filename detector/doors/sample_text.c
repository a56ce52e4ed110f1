/* sample_text.c - the text of the executable in several copies, of which the threads run one: with the compiler's
 * calls taken out, or led elsewhere. x86-64. State belongs to the only thread before the program begins, then to
 * the sampler.
 *
 * In every copy an instruction begins where one begins in the others, so a thread may go over at any of them:
 * mapping a copy over the text changes all threads at once, with no code written that somebody runs. What no
 * copy changes, above all calls from shared libraries, goes to the doors of tsan_access.c as ever. */
#include "detector/doors/sample.h"

#include <elf.h>
#include <link.h>
#include <sys/auxv.h>
#include <sys/mman.h>
#include <sys/syscall.h>
#include <unistd.h>

uintptr_t gr__sample_text_low, gr__sample_text_high;

#ifdef __x86_64__

#define CALL 0xe8
#define JUMP 0xe9
enum { CALL_SIZE = 5, COPIES = 4, SOON = 1 << 21 /* so much text is mapped at once */ };
#ifndef MADV_POPULATE_READ
#define MADV_POPULATE_READ 22
#endif
#ifndef MFD_EXEC
#define MFD_EXEC 0x10u
#endif

static uintptr_t low, high; /* pages that differ */
static void *copies;        /* one behind the other, as enum gr__sampling; shared, so that they can be mapped twice */

static bool find_text(void) {
    const ElfW(Phdr) *h = (const ElfW(Phdr) *)getauxval(AT_PHDR);
    unsigned long count = getauxval(AT_PHNUM);
    uintptr_t bias = 0;
    for (unsigned long i = 0; i < count; i++)
        if (h[i].p_type == PT_PHDR) bias = (uintptr_t)h - h[i].p_vaddr;
    for (unsigned long i = 0; i < count; i++) {
        uintptr_t at = bias + h[i].p_vaddr, here = (uintptr_t)&find_text;
        if (h[i].p_type != PT_LOAD || !(h[i].p_flags & PF_X) || here - at >= h[i].p_memsz) continue;
        gr__sample_text_low = at;
        gr__sample_text_high = at + h[i].p_memsz;
    }
    return gr__sample_text_high != 0;
}

/* The door that the instruction at p leads to; NULL: it is no such instruction. */
static const gr__sampled_door *door_of(const unsigned char *p, uintptr_t least, uintptr_t span) {
    if (*p != CALL && *p != JUMP) return NULL;
    int32_t distance;
    __builtin_memcpy(&distance, p + 1, sizeof distance);
    uintptr_t target = (uintptr_t)p + CALL_SIZE + (uintptr_t)(intptr_t)distance;
    if (target - least > span) return NULL;
    for (unsigned i = 0; i < gr__sampled_door_count; i++)
        if (gr__sampled_doors[i].door == target) return &gr__sampled_doors[i];
    return NULL;
}

/* What stands at p, in its copy, leads to target now; 0: nowhere. */
static void redirect(unsigned char *copy, uintptr_t p, uintptr_t target) {
    static const unsigned char pass[] = {0x0f, 0x1f, 0x44, 0, 0}, leave[] = {0xc3, 0x0f, 0x1f, 0x40, 0};
    const unsigned char *from = *copy == CALL ? pass : leave;
    int32_t distance = (int32_t)(target - p - CALL_SIZE);
    if (target) __builtin_memcpy(copy + 1, &distance, sizeof distance);
    else
        for (unsigned i = 0; i < CALL_SIZE; i++) copy[i] = from[i];
}

/* The first and the last page with a call in it. */
static bool find_calls(uintptr_t least, uintptr_t span) {
    low = UINTPTR_MAX;
    for (uintptr_t p = gr__sample_text_low; p + CALL_SIZE <= gr__sample_text_high; p++) {
        if (!door_of((const unsigned char *)p, least, span)) continue;
        if (p < low) low = p & ~(GR__PAGE - 1);
        high = (p + CALL_SIZE + GR__PAGE - 1) & ~(GR__PAGE - 1);
    }
    return high > low;
}

static void write_copies(unsigned char *to, uintptr_t least, uintptr_t span) {
    size_t size = high - low;
    for (unsigned c = 0; c < COPIES; c++) gr__copy(to + c * size, (const void *)low, size);
    for (uintptr_t p = low; p + CALL_SIZE <= high; p++) {
        const gr__sampled_door *door = door_of((const unsigned char *)p, least, span);
        if (!door) continue;
        uintptr_t targets[COPIES] = {0, (uintptr_t)gr__sampled_count, (uintptr_t)gr__sampled_count_slowly, door->looks};
        for (unsigned c = 0; c < COPIES; c++) redirect(to + c * size + (p - low), p, door->looks ? targets[c] : 0);
        p += CALL_SIZE - 1;
    }
}

/* No descriptor stays: the program may close all of them. */
static bool map_copies(uintptr_t least, uintptr_t span) {
    size_t size = COPIES * (high - low);
    int file = (int)syscall(SYS_memfd_create, "gorace-text", MFD_CLOEXEC | MFD_EXEC);
    if (file < 0) file = (int)syscall(SYS_memfd_create, "gorace-text", MFD_CLOEXEC);
    if (file < 0) return false;
    void *to = MAP_FAILED;
    copies = MAP_FAILED;
    if (syscall(SYS_ftruncate, file, size) == 0) {
        to = (void *)syscall(SYS_mmap, NULL, size, PROT_READ | PROT_WRITE, MAP_SHARED, file, 0);
        copies = (void *)syscall(SYS_mmap, NULL, size, PROT_READ | PROT_EXEC, MAP_SHARED, file, 0);
    }
    syscall(SYS_close, file);
    if (to == MAP_FAILED || copies == MAP_FAILED) return false;
    write_copies(to, least, span);
    syscall(SYS_munmap, to, size);
    return true;
}

const char *gr__sample_text_make(void) {
    uintptr_t least = UINTPTR_MAX, most = 0;
    for (unsigned i = 0; i < gr__sampled_door_count; i++) {
        if (gr__sampled_doors[i].door < least) least = gr__sampled_doors[i].door;
        if (gr__sampled_doors[i].door > most) most = gr__sampled_doors[i].door;
    }
    if (!find_text()) return "the program's text is not found";
    if (!find_calls(least, most - least)) return "the program's text calls nothing";
    return map_copies(least, most - least) ? NULL : "no room for copies of the text";
}

bool gr__sample_text_use(enum gr__sampling mode) {
    size_t size = high - low; /* of length 0: a second mapping of what is shared */
    if (syscall(SYS_mremap, (uintptr_t)copies + ((unsigned)mode - GR__SAMPLING_PASSES) * size, 0, size,
                MREMAP_MAYMOVE | MREMAP_FIXED, low) != (long)low)
        return false;
    if (size <= SOON) syscall(SYS_madvise, low, size, MADV_POPULATE_READ); /* where it can't, each page is a fault */
    return true;
}

#else

const char *gr__sample_text_make(void) { return "not on this processor"; }
bool gr__sample_text_use(enum gr__sampling mode) {
    (void)mode;
    return false;
}

#endif
