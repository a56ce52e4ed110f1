/* tell_lock.c - findings about locks: circles in which they are taken, and misuse. Any thread, no lock held. */
#include "detector/doors/locks.h"
#include "detector/doors/tell.h"
#include "runtime/inspect/record.h"

enum { FRAMES = 64 };

static gr__stack_pcs stack_of(gr__loc loc, uint64_t *frames) {
    size_t count = gr__loc_stack(loc, (uintptr_t *)frames, FRAMES);
    return (gr__stack_pcs){frames, (uint32_t)(count < FRAMES ? count : FRAMES)};
}

/* Each once. */
typedef struct actors { uint64_t ids[3 * GR__ORDER_STEPS]; unsigned count; } actors;

static void name(actors *told, uint64_t id) {
    for (unsigned i = 0; i < told->count; i++)
        if (told->ids[i] == id) return;
    if (!id || told->count == sizeof told->ids / sizeof told->ids[0]) return;
    told->ids[told->count++] = id;
    gr__tell_actor(id, 0);
}

static void put_lock(gr__record_buffer *b, uintptr_t lock, unsigned kind, const gr__lock_holder *holder, actors *told) {
    uint64_t allocated[FRAMES], taken[FRAMES];
    gr__rec_lock r = {.address = lock, .kind = kind};
    gr__heap_block block;
    if (gr__heap_find(lock, &block)) {
        r.low = block.low;
        r.size = block.size;
        r.allocator = block.actor;
        r.allocated_at = stack_of(block.allocated_at, allocated);
        name(told, block.actor);
    }
    if (holder) {
        r.holder = holder->actor;
        r.flags = holder->flags;
        r.taken_at = stack_of(holder->at, taken);
        name(told, holder->actor);
    }
    gr__put_lock(b, &r);
}

void gr__tell_lock_order(gr__actor *self, const gr__order_step *steps, unsigned count) {
    (void)self;
    gr__record_buffer *b = gr__tell_open(GR__FINDING_LOCK_ORDER);
    actors told = {.count = 0};
    for (unsigned i = 0; i < count; i++) {
        const gr__order_step *s = &steps[i];
        uint64_t held[FRAMES], wanted[FRAMES];
        name(&told, s->actor);
        put_lock(b, s->held, s->held_kind, NULL, &told);
        gr__rec_lock_step r = {.actor = s->actor, .held = s->held, .held_flags = s->held_flags,
                               .held_at = stack_of(s->held_at, held), .wanted = s->wanted,
                               .wanted_flags = s->wanted_flags, .wanted_at = stack_of(s->wanted_at, wanted)};
        gr__put_lock_step(b, &r);
    }
    gr__tell_close();
}

void gr__tell_lock_misuse(unsigned finding, enum gr__lock_kind kind, uintptr_t lock, const gr__lock_holder *holder,
                          gr__loc at, const char *note) {
    gr__record_buffer *b = gr__tell_open((enum gr__finding_kind)finding);
    actors told = {.ids = {gr__me->id}, .count = 1};
    gr__tell_actor(gr__me->id, holder && holder->actor == gr__me->id && holder->at == at ? 0 : at); /* not twice */
    gr__put_note(b, &(gr__rec_note){gr__string_of(note)});
    put_lock(b, lock, kind, holder, &told);
    gr__tell_close();
}
