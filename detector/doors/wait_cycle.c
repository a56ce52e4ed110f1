/* wait_cycle.c - those who wait for each other for ever, told when the last of them begins to wait.
 *
 * A wait for a lock, a once or the end of a thread points to whoever holds that lock, runs that once or is that
 * thread. A circle of such pointers is a deadlock, whatever others do. Only what has an owner counts: a channel,
 * condition or semaphore may be served by anybody.
 *
 * Why a circle that is found is one: waits enter and leave their table under its lock, which is held for the
 * whole walk. So every member is on the books as waiting throughout, from before its call until after it; what
 * it holds can only have grown by the very lock it waits for. Who holds a lock says so after he has got it,
 * and takes that back before he gives it: as long as he is seen to hold it, nobody else has got it. So all
 * pointers of the circle are true at once when the walk ends. A reader that waits because a writer waits is
 * another thing: it may have been let in before that writer came. So it points to the one that was there when
 * it began to wait, and to no later one (waits.c).
 *
 * Why none is missed: whoever of the members enters the table last sees the others in it, and what they
 * hold, as they said so before they began to wait.
 *
 * A walk costs nothing to who has nothing that others wait for: nobody can wait for him. */
#include "detector/doors/interpose.h"
#include "detector/doors/tell.h"
#include "detector/doors/waits.h"
#include "detector/locks/locks.h"
#include "runtime/inspect/record.h"
#include "runtime/inspect/session.h"
#include "runtime/os/os.h"

#include <errno.h>

enum { HOLDERS = 64, HOLDS = 8, ALL = 8, FIRST = 3, GROUPS = 3, FRAMES = 64 };

/* What is told of a member, copied while it can't go. */
typedef struct member {
    gr__actor *actor;
    uint64_t next;              /* actor's id */
    const void *object;
    uint64_t since_ns;
    gr__loc loc;
    uint32_t reason;
    bool listed, stack;
    uint64_t skipped;           /* of the circle, between it and the next one that is listed */
    uint64_t like_it;           /* more members wait and hold at the same places */
    size_t hold_count;
    gr__hold holds[HOLDS];
} member;

typedef struct circle {
    uint64_t length;
    size_t count;
    member members[ALL + GROUPS + 2];
} circle;

static uint64_t walks;          /* lock of the waits */

/* --- who must go on before a wait can end --- */

typedef struct walk {
    gr__waiting *mine, *closing;   /* closing: points to mine */
    gr__waiting **last;            /* of those that are still to be looked at */
} walk;

static void point_to(walk *k, gr__waiting *from, gr__waiting *to) {
    if (!to || k->closing || to->told) return;
    if (to == k->mine) k->closing = from;
    if (to->walk == walks) return;
    to->walk = walks;
    to->from = from;
    to->queued = NULL;
    *k->last = to;
    k->last = &to->queued;
}

static bool reads(const gr__waiting *w) {
    return w->reason == GR__WAIT_RWMUTEX_RLOCK || w->reason == GR__WAIT_PTHREAD_RWLOCK_RDLOCK;
}

static void point_to_writer(walk *k, gr__waiting *w) {
    for (gr__waiting *o = w->behind ? gr__waits_at(w->object) : NULL; o; o = o->next_of_object)
        if (o->serial == w->behind) point_to(k, w, o);
}

/* Who had not come as far when the join began has by now; unless it has ended, and another has its id. */
static const gr__actor *joined_by(const gr__waiting *w) {
    if (w->joined) return w->joined;
    const gr__actor *a = gr__thread_actor((pthread_t)w->object);
    return a && a->id <= w->actors ? a : NULL;
}

static void point_on(walk *k, gr__waiting *w) {
    if (w->reason == GR__WAIT_PTHREAD_JOIN) {
        const gr__actor *other = joined_by(w);
        if (other) point_to(k, w, gr__wait_of(other));
        return;
    }
    if (gr__lock_lent((uintptr_t)w->object)) return; /* as a semaphore: anybody may give it */
    gr__lock_holder holders[HOLDERS];
    size_t count = gr__lock_holders((uintptr_t)w->object, holders, HOLDERS);
    for (size_t i = 0; i < count && i < HOLDERS; i++) {
        if (reads(w) && (holders[i].flags & GR__HOLD_READ)) continue;
        const gr__actor *a = gr__actor_by_id(holders[i].actor);
        if (a) point_to(k, w, gr__wait_of(a));
    }
    point_to_writer(k, w);
}

static bool anybody_at(const void *object) {
    for (const gr__waiting *w = gr__waits_at(object); w; w = w->next_of_object)
        if (w->object == object) return true;
    return false;
}

/* Somebody waits for what this one has. */
static bool is_wanted(const gr__waiting *mine) {
    gr__hold holds[HOLDERS];
    size_t count = gr__held_list(mine->actor, holds, HOLDERS);
    if (count > HOLDERS || anybody_at((void *)pthread_self())) return true;
    for (size_t i = 0; i < count; i++)
        if (anybody_at((void *)holds[i].lock)) return true;
    return false;
}

/* The last member of a circle that begins with mine; its `from` leads back to it. NULL: there is none. */
static gr__waiting *find(gr__waiting *mine) {
    walks++;
    walk k = {mine, NULL, &mine->queued};
    mine->walk = walks;
    mine->from = mine->queued = NULL;
    for (gr__waiting *w = mine; w && !k.closing; w = w->queued) point_on(&k, w);
    return k.closing;
}

/* --- what is told --- */

static void copy(member *m, const gr__waiting *w, const gr__waiting *next) {
    size_t count = gr__held_list(w->actor, m->holds, HOLDS);
    *m = (member){w->actor, next->actor->id, w->object, w->since_ns, w->loc, w->reason, false, false, 0, 0,
                  count < HOLDS ? count : HOLDS, {{0}}};
    gr__held_list(w->actor, m->holds, HOLDS);
}

static bool is_alike(const member *a, const member *b) {
    if (a->reason != b->reason || a->loc != b->loc || a->hold_count != b->hold_count ||
        a->actor->created_at != b->actor->created_at)
        return false;
    for (size_t i = 0; i < a->hold_count; i++)
        if (gr__hold_place(&a->holds[i]) != gr__hold_place(&b->holds[i])) return false;
    return true;
}

/* Members that are alike are told once, and of a long circle only the first and the last are listed. */
static void take_in(circle *c, const gr__waiting *w, const gr__waiting *next, uint64_t index) {
    member m;
    copy(&m, w, next);
    bool whole = c->length <= ALL;
    m.listed = whole || index < FIRST || index == c->length - 1;
    m.stack = true;
    size_t stacks = 0;
    for (size_t i = 0; !whole && i < c->count; i++) {
        stacks += c->members[i].stack;
        if (!c->members[i].stack || !is_alike(&c->members[i], &m)) continue;
        c->members[i].like_it++;
        m.stack = false;
        break;
    }
    if (!whole && stacks >= GROUPS + 1) m.stack = false;
    if (m.listed && index == FIRST - 1 && !whole) m.skipped = c->length - FIRST - 1;
    if (m.listed || m.stack) c->members[c->count++] = m;
}

/* From-links lead backwards: turn them round. Marks the members as told. */
static void gather(circle *c, gr__waiting *mine, gr__waiting *closing) {
    gr__waiting *next = mine;
    c->length = c->count = 0;
    for (gr__waiting *w = closing; w; w = w->from) {
        w->queued = next;
        w->told = true;
        next = w;
        c->length++;
        if (w == mine) break;
    }
    gr__waiting *w = mine;
    for (uint64_t i = 0; i < c->length; i++, w = w->queued) take_in(c, w, w->queued, i);
}

static char bytes[60 * 1024];
static gr__record_buffer buffer = {bytes, 0, sizeof bytes, false};

static void flush(void) {
    gr__session_put(buffer.bytes, buffer.length);
    gr__zero(buffer.bytes, buffer.length); /* addresses of the program's objects: nobody holds them here */
    buffer.length = 0;
    buffer.full = false;
}

static gr__stack_pcs stack_of(gr__loc loc, uint64_t *frames) {
    size_t count = gr__loc_stack(loc, (uintptr_t *)frames, FRAMES);
    return (gr__stack_pcs){frames, (uint32_t)(count < FRAMES ? count : FRAMES)};
}

static void put_member(const member *m) {
    uint64_t frames[FRAMES], created[FRAMES], now = gr__os_now();
    gr__stack_pcs none = {frames, 0};
    const gr__actor *a = m->actor;
    if (buffer.capacity - buffer.length < 8 * 1024) flush();
    gr__rec_actor r = {.actor = a->id, .kind = a->kind, .number = a->number,
                       .name = gr__string_of(gr__name_of(a->id)), .state = GR__STATE_WAITING, .wait = m->reason,
                       .wait_ns = now > m->since_ns ? now - m->since_ns : 0, .creator = a->creator,
                       .created_at = m->stack ? stack_of(a->created_at, created) : none,
                       .stack = m->stack ? stack_of(m->loc, frames) : none};
    gr__put_actor(&buffer, &r);
    gr__put_wait_object(&buffer, &(gr__rec_wait_object){.object = (uintptr_t)m->object, .kind = m->reason,
                                                        .state = GR__CHANNEL_OPEN});
    gr__put_member(&buffer, &(gr__rec_member){.next = m->next, .listed = m->listed, .skipped = m->skipped,
                                              .like_it = m->like_it});
    for (size_t i = 0; m->stack && i < m->hold_count; i++) {
        const gr__hold *h = &m->holds[i];
        gr__put_hold(&buffer, &(gr__rec_hold){.object = h->lock, .kind = h->kind, .flags = h->flags,
                                              .taken_at = stack_of(gr__hold_place(h), frames)});
    }
}

static const char again[] = "The function of a once calls the same once, and waits for itself for ever. Call what both "
                            "need without the once in the function.";

static void tell(const circle *c) {
    int saved = errno;
    gr__own++;
    gr__tell_begin();
    uint64_t serial = gr__finding_next_serial();
    gr__put_finding(&buffer, &(gr__rec_finding){.kind = GR__FINDING_DEADLOCK, .serial = serial});
    for (size_t i = 0; i < c->count; i++) put_member(&c->members[i]);
    if (c->length == 1 && c->members[0].reason == GR__WAIT_ONCE)
        gr__put_note(&buffer, &(gr__rec_note){gr__string_of(again)});
    gr__put_finding_end(&buffer, &(gr__rec_finding_end){.serial = serial});
    flush();
    gr__tell_end();
    gr__own--;
    errno = saved;
}

void gr__wait_cycle_look(gr__waiting *mine) {
    circle *c = NULL;
    gr__waits_lock();
    gr__waiting *closing = is_wanted(mine) && !mine->told ? find(mine) : NULL;
    if (closing && (c = gr__alloc(sizeof *c))) gather(c, mine, closing);
    gr__waits_unlock();
    if (!c) return;
    tell(c);
    gr__free(c, sizeof *c);
}
