/* anatomy.h - how `gorace goroutines` finds the goroutines of a process or a core: a description that
 * the program carries (runtime/sched/anatomy.c). A note of its ELF object leads there, so it is found in
 * stripped and in position independent programs, and needs no debug information.
 *
 * The note: name "gorace", type GR__ANATOMY_NOTE, described by gr__anatomy_note.
 */
#ifndef GR_RUNTIME_INSPECT_ANATOMY_H
#define GR_RUNTIME_INSPECT_ANATOMY_H

#include <stdint.h>

#define GR__ANATOMY_VERSION 1
#define GR__ANATOMY_NOTE 1
#define GR__ANATOMY_NOTE_NAME "gorace"

/* The description lies `anatomy` bytes from where that field lies. Packed: 8 bytes at a multiple of 4. */
typedef struct __attribute__((packed)) gr__anatomy_note {
    uint32_t version, unused;
    int64_t anatomy;
} gr__anatomy_note;

enum gr__anatomy_part {
#define PART(name, type, member) GR__AT_##name,
#define SIZE(name, type) GR__AT_##name,
#include "runtime/inspect/anatomy.def"
#undef PART
#undef SIZE
    GR__ANATOMY_PARTS
};

/* The monitor of the scheduler, the detector's watch (asleep.c) and sampler (sample.c). */
enum gr__anatomy_helper { GR__HELPER_MONITOR, GR__HELPER_WATCH, GR__HELPER_SAMPLER, GR__ANATOMY_HELPERS };

/* In memory that is written, so that cores hold it. */
typedef struct gr__anatomy {
    uint32_t version, parts;    /* parts: how many `at` has */
    uint64_t slabs;             /* where the list of slabs begins: the address of a pointer */
    uint64_t clock;             /* address of what the monitor keeps of the monotonic clock, ns */
    uint64_t entry;             /* where a goroutine's stack begins */
    int64_t tls_m, tls_g;       /* of a thread's: from its thread pointer on; 0: there are no goroutines yet */
    uint64_t helpers[GR__ANATOMY_HELPERS]; /* a: thread pointers of those that run nothing of the program's; 0: none */
    uint64_t process;           /* whose goroutines these are: the child of a fork has but one of them */
    int64_t tls_actor;          /* as tls_g: what the detector knows a thread by; 0: there is no detector */
    uint32_t actor_id, actor_number, actor_kind, unused; /* where its actors have these: 8 bytes each */
    /* Who has a lock: from a directory of pointers, one for 1 << lock_shift bytes, to 4 bytes for each 8: the number
     * of a record in a list. 0: nobody knows. In memory that no core has. */
    uint64_t lock_directory, lock_records;
    uint32_t lock_shift, lock_size;
    uint32_t lock_next, lock_address, lock_owner, unused_too; /* of a record; the owner is an actor's id */
    uint32_t at[GR__ANATOMY_PARTS];
} gr__anatomy;

extern gr__anatomy gr__anatomy_here; /* in the program */
/* This thread is that helper; it is gone, or will be. */
static inline void gr__anatomy_help(enum gr__anatomy_helper which) {
    __atomic_store_n(&gr__anatomy_here.helpers[which], (uintptr_t)__builtin_thread_pointer(), __ATOMIC_RELEASE);
}
static inline void gr__anatomy_help_no_more(enum gr__anatomy_helper which) {
    __atomic_store_n(&gr__anatomy_here.helpers[which], 0, __ATOMIC_RELEASE);
}

#endif
