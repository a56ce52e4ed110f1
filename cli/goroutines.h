/* goroutines.h - the parts of `gorace goroutines`: what was there is gathered, and then told as records, as a
 * program tells a dump of itself (runtime/sched/dump.c). */
#ifndef GR_CLI_GOROUTINES_H
#define GR_CLI_GOROUTINES_H

#include "cli/image.h"
#include "reports/reports.h"

typedef struct goroutines_bytes { /* a copy of memory */
    uint64_t low;
    size_t length;
    char *at;
} goroutines_bytes;

typedef struct goroutines_channel {
    uint64_t address;
    uint64_t length, capacity, made_pc;
    bool closed;
} goroutines_channel;

typedef struct goroutines_lock {
    uint64_t address, owner; /* id of an actor of the detector; 0: nobody is known to have it */
} goroutines_lock;

typedef struct goroutines_case {
    bool send;
    uint64_t channel;
} goroutines_case;

typedef struct goroutines_one {
    uint64_t at;             /* of its struct, in the program */
    uint64_t goid, creator, created_pc, fn, sp, stack_low, stack_high;
    uint64_t wait_object, wait_pc, wait_since, cases_at;
    uint64_t detector;       /* what the detector keeps of it; 0: nothing */
    uint32_t state, wait, case_count;
    bool foreign;
    size_t name;             /* in `names`; 0: none */
    size_t thread;           /* index, plus 1; 0: none runs it */
    size_t first_case;
    goroutines_bytes stack;
} goroutines_one;

typedef struct goroutines_thread {
    uint64_t g, m;           /* of the program; 0: none */
    uint64_t actor;          /* id of the detector's; 0: none */
    uint64_t number;         /* as the detector's reports have it, plus 1; 0: none */
    uint64_t object;         /* that a futex call waits at */
    uint32_t words[3];       /* there */
    goroutines_bytes inner, outer;
    bool ours;               /* the runtime's own */
} goroutines_thread;

typedef struct goroutines {
    image *image;
    const gr__anatomy *anatomy;
    goroutines_one *all;     /* by goid, after goroutines_settle */
    size_t count, room;
    goroutines_thread *threads; /* as in the image */
    goroutines_case *cases;
    size_t case_count;
    goroutines_channel *channels; /* by their address, hashed; a power of two of entries */
    size_t channel_room, channel_count;
    goroutines_lock *locks;  /* that somebody waits for; hashed as channels are */
    size_t lock_room, lock_count;
    char *names;
    size_t names_length;
    size_t stack_bytes;      /* copied so far */
    bool forked;             /* the child of a fork: most goroutines are not here */
    bool damaged;            /* the list of goroutines could not be read to its end */
} goroutines;

/* --- goroutines_gather.c --- */
/* Before it is stopped. */
void goroutines_prepare(goroutines *gs);
/* While it stands still. */
void goroutines_gather(goroutines *gs);
/* Afterwards: in order, and which thread runs which. */
void goroutines_settle(goroutines *gs);
const goroutines_channel *goroutines_channel_at(const goroutines *gs, uint64_t address);
/* Stacks that were just read of goroutines from `from` on are taken back (`done`) where the goroutine is not
 * parked any more as it was gathered. */
void goroutines_check(const goroutines *gs, size_t from, image_piece *stacks, size_t count);

/* --- goroutines_locks.c --- */
/* While it stands still: who has the locks that are waited for. */
void goroutines_gather_locks(goroutines *gs);
/* Afterwards: owners become actors as they are told: goid, or GR__ACTOR_THREAD and a thread's number. */
void goroutines_settle_locks(goroutines *gs);
/* 0: not known. */
uint64_t goroutines_holder_of(const goroutines *gs, uint64_t lock);

/* --- goroutines_tell.c --- */
void goroutines_tell(goroutines *gs, reports *r);

/* --- goroutines_trace.c: the same of a trace; a sentence and exit when it can't be read --- */
void goroutines_tell_trace(const char *path, reports *r);

#endif
