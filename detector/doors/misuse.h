/* misuse.h - what the doors watch to find misuse of the runtime as it happens. Doors only. */
#ifndef GR_DETECTOR_DOORS_MISUSE_H
#define GR_DETECTOR_DOORS_MISUSE_H

#include "detector/doors/doors.h"

struct gr__g;

/* --- spin.c: loops around closed channels. Of one goroutine, by itself. --- */
typedef struct gr__spin {
    uint32_t clock, checks;     /* of the actor at the last turn: it has done nothing new since */
    uint64_t turns;             /* in a row; 0: begin anew */
    uint64_t weight;            /* of these */
    bool told;
} gr__spin;
/* The running goroutine has received the end of a channel, once more: gr__hook_recv_end. */
void gr__spin_turn(gr__spin *spin, const void *channel, int index, bool valued, uintptr_t pc);

/* --- go_site.c: go statements and their goroutines. Any thread. --- */
typedef struct gr__go_site gr__go_site;
gr__go_site *gr__go_started(uintptr_t pc);      /* NULL: there are too many statements */
void gr__go_ended(gr__go_site *site);           /* may be NULL */
/* One begins to wait, for what does not end by itself: true, and it is counted until it goes on. */
bool gr__go_waits(gr__go_site *site, unsigned reason, const gr__actor *actor, uintptr_t pc);
void gr__go_goes_on(gr__go_site *site);
/* Tell what was seen since: where no lock is held. */
void gr__go_tell(void);
extern bool gr__go_crowded; /* atomic: there is something to tell */
static inline void gr__go_look(void) {
    if (GR__UNLIKELY(GR__LOAD_RELAXED(&gr__go_crowded))) gr__go_tell();
}

/* --- holding.c: who waits, and what it holds --- */
/* The running goroutine, g, has waited. */
void gr__convoy_look(struct gr__g *g, unsigned reason);

/* --- deeds.c: is this place told of for the first time? --- */
bool gr__misuse_first(uintptr_t pc);

/* ... who did what to an object last (past.def), of as many objects as there is room for */
void gr__deed_remember(const void *object, unsigned kind, uintptr_t pc);
/* The same of an unlock, which must be quick: no lock, and no order. */
typedef struct gr__unlocked {
    uintptr_t not_lock; /* its complement, which would be a pointer to it */
    uintptr_t pc;
    uint64_t goid;
    gr__loc context;
} gr__unlocked;
enum { GR__UNLOCKS = 4096 };
extern gr__unlocked gr__unlocks[GR__UNLOCKS]; /* atomic */
static inline gr__unlocked *gr__unlocked_of(const void *lock) {
    uintptr_t address = (uintptr_t)lock;
    return &gr__unlocks[(address >> 3 ^ address >> 15) % GR__UNLOCKS];
}
static inline void gr__unlock_remember(const void *lock, uintptr_t pc) {
    gr__unlocked *u = gr__unlocked_of(lock);
    GR__STORE_RELAXED(&u->not_lock, ~(uintptr_t)lock);
    GR__STORE_RELAXED(&u->pc, pc);
    GR__STORE_RELAXED(&u->goid, gr__me->number);
    GR__STORE_RELAXED(&u->context, gr__me->context);
}

#endif
