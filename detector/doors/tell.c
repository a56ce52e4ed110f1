/* tell.c - builds the records of the doors' own findings. The buffer belongs to who is between
 * gr__session_begin and gr__session_end. */
#include "detector/doors/tell.h"

#include "detector/doors/runtime_door.h"
#include "detector/doors/waits.h"
#include "runtime/inspect/record.h"
#include "runtime/inspect/session.h"
#include "runtime/inspect/waiting.h"
#include "runtime/os/os.h"

#include <errno.h>

enum { FRAMES = 64, SUPPRESSIONS = 32 * 1024 };

static char bytes[60 * 1024];
static gr__record_buffer buffer = {bytes, 0, sizeof bytes, false};

static void send(void) {
    gr__session_put(buffer.bytes, buffer.length);
    buffer.length = 0;
    buffer.full = false;
}

/* --- groups --- */

/* A program may define it, as for ThreadSanitizer. */
extern const char *__tsan_default_suppressions(void) __attribute__((weak));

static const char *suppressions; /* constant; NULL: it has none */

void gr__tell_init(void) {
    if (__tsan_default_suppressions) suppressions = __tsan_default_suppressions();
}

/* With each group: the reporter may be another one than for the last. */
static void put_suppressions(void) {
    char *room = suppressions ? gr__alloc(SUPPRESSIONS) : NULL;
    if (!room) return;
    gr__record_buffer b = {room, 0, SUPPRESSIONS, false};
    gr__put_suppressions(&b, &(gr__rec_suppressions){.text = gr__string_of(suppressions)});
    gr__session_put(b.bytes, b.length);
    gr__free(room, SUPPRESSIONS);
}

void gr__tell_begin(void) {
    gr__session_begin();
    put_suppressions();
}

bool gr__tell_end(void) {
    if (!gr__session_end()) return false;
    if (gr__option.halt_on_error) gr__os_exit(gr__exit_check((int)gr__option.exitcode));
    return true;
}

void gr__words_add(gr__words *to, const char *text) {
    while (*text && to->length < sizeof to->text - 1) to->text[to->length++] = *text++;
    to->text[to->length] = 0;
}

void gr__words_number(gr__words *to, uint64_t number) {
    char digits[24];
    size_t at = sizeof digits - 1;
    digits[at] = 0;
    do digits[--at] = (char)('0' + number % 10);
    while (number /= 10);
    gr__words_add(to, digits + at);
}

static gr__stack_pcs stack_of(gr__loc loc, uint64_t *frames) {
    size_t count = gr__loc_stack(loc, (uintptr_t *)frames, FRAMES);
    return (gr__stack_pcs){frames, (uint32_t)(count < FRAMES ? count : FRAMES)};
}

static void put_actor(const gr__actor *a, const gr__g_head *h, gr__loc at) {
    uint64_t stack[FRAMES], created[FRAMES], now = gr__os_now();
    bool waits = h && GR__LOAD(&h->state) == GR__STATE_WAITING;
    gr__rec_actor r = {.actor = a->id, .kind = a->kind, .number = a->number,
                       .name = gr__string_of(h ? h->name : NULL),
                       .state = waits ? GR__STATE_WAITING : GR__STATE_RUNNING,
                       .wait = waits ? h->wait : 0,
                       .wait_ns = waits && now > h->wait_since_ns ? now - h->wait_since_ns : 0,
                       .creator = a->creator, .created_at = stack_of(a->created_at, created),
                       .stack = stack_of(at, stack)};
    gr__put_actor(&buffer, &r);
    if (waits) gr__put_waiting(&buffer, h, send);
}

static void put_past(const gr__told_past *p) {
    uint64_t frames[FRAMES];
    if (!p->at) return;
    if (buffer.capacity - buffer.length < sizeof frames + 128) send();
    gr__put_past(&buffer, &(gr__rec_past){.kind = p->kind, .number = p->goid, .count = p->count,
                                          .wait = p->wait, .stack = stack_of(p->at, frames)});
}

static void put_channel(const void *channel) {
    uint64_t frames[FRAMES];
    gr__heap_block block = {0}; /* of one byte: where it was made */
    if (!gr__heap_find((uintptr_t)channel, &block)) return;
    if (buffer.capacity - buffer.length < sizeof frames + 256) send();
    gr__put_location(&buffer, &(gr__rec_location){
        .kind = GR__LOCATION_CHANNEL, .address = (uintptr_t)channel, .low = (uintptr_t)channel,
        .actor = block.actor, .allocated_at = stack_of(block.allocated_at, frames)});
}

/* What else there is to say of a misuse. */
typedef struct more { const void *channel; const gr__told_past *pasts; size_t count; } more;

/* One group about one actor, or NULL. */
static void tell(enum gr__finding_kind kind, const gr__actor *a, const gr__g_head *h, gr__loc at,
                 const char *note, const more *m) {
    int saved = errno;
    gr__own++;
    gr__tell_begin();
    uint64_t serial = gr__finding_next_serial();
    gr__put_finding(&buffer, &(gr__rec_finding){.kind = kind, .serial = serial});
    if (a) put_actor(a, h, at);
    if (note) gr__put_note(&buffer, &(gr__rec_note){gr__string_of(note)});
    for (size_t i = 0; m && i < m->count; i++) put_past(&m->pasts[i]);
    if (m && m->channel) put_channel(m->channel);
    gr__put_finding_end(&buffer, &(gr__rec_finding_end){.serial = serial});
    send();
    gr__tell_end();
    gr__own--;
    errno = saved;
}

void gr__tell_misuse(enum gr__finding_kind kind, gr__loc loc, const char *note, const void *channel,
                     const gr__told_past *pasts, size_t count) {
    gr__g_head *h = gr__g_self() ? gr__g_head_of(gr__g_self()) : NULL;
    tell(kind, gr__me, h, loc, note, &(more){channel, pasts, count});
}

void gr__tell_misuse_of_many(enum gr__finding_kind kind, const char *note, const gr__told_past *pasts, size_t count) {
    tell(kind, NULL, NULL, 0, note, &(more){NULL, pasts, count});
}

static uint64_t open_serial; /* of who has the buffer, as are the next two */
static int open_errno;

gr__record_buffer *gr__tell_open(enum gr__finding_kind kind) {
    int saved = errno;
    gr__own++;
    gr__tell_begin();
    open_errno = saved;
    open_serial = gr__finding_next_serial();
    gr__put_finding(&buffer, &(gr__rec_finding){.kind = kind, .serial = open_serial});
    return &buffer;
}

void gr__tell_actor(uint64_t actor, gr__loc at) {
    uint64_t stack[FRAMES], created[FRAMES];
    const gr__actor *a = gr__actor_by_id(actor);
    if (!a) return;
    gr__rec_actor r = {.actor = a->id, .kind = a->kind, .number = a->number,
                       .name = gr__string_of(gr__name_of(a->id)),
                       .state = GR__LOAD(&a->ended) ? GR__STATE_FINISHED : GR__STATE_RUNNING,
                       .creator = a->creator, .created_at = stack_of(a->created_at, created),
                       .stack = stack_of(at, stack)};
    gr__put_actor(&buffer, &r);
}

bool gr__tell_close(void) {
    gr__put_finding_end(&buffer, &(gr__rec_finding_end){.serial = open_serial});
    int saved = open_errno;
    send();
    bool told = gr__tell_end();
    gr__own--;
    errno = saved;
    return told;
}

/* --- leaks: goroutines that wait at one place for one reason and come from one go statement are
 * one finding --- */

typedef struct kin { struct gr__g *first; uint64_t count; } kin;
typedef struct census { kin *table; size_t room; bool others_run; } census;

enum waker { NOBODY, PEER, TIME, WORLD };

static enum waker waker_of(unsigned wait) {
    switch (wait) {
#define WAIT(id, NAME, words, waker) case id: return waker;
#include "runtime/vocab/wait.def"
#undef WAIT
    default: return TIME;
    }
}
/* Locks are held for short: the wait ends when who holds it goes on, if somebody still runs. */
static bool may_pass(unsigned wait) {
    return wait == GR__WAIT_MUTEX_LOCK || wait == GR__WAIT_RWMUTEX_RLOCK ||
           wait == GR__WAIT_RWMUTEX_LOCK || wait == GR__WAIT_ONCE;
}

static void look(struct gr__g *g, void *argument) {
    census *c = argument;
    uint32_t state = GR__LOAD(&gr__g_head_of(g)->state);
    if (g != gr__g_self() && (state == GR__STATE_RUNNING || state == GR__STATE_RUNNABLE))
        c->others_run = true;
    c->room++;
}

static bool alike(const gr__g_head *a, const gr__g_head *b) {
    return a->wait == b->wait && a->wait_pc == b->wait_pc && a->created_pc == b->created_pc;
}

static void sort_in(struct gr__g *g, void *argument) {
    census *c = argument;
    gr__g_head *h = gr__g_head_of(g);
    if (g == gr__g_self() || h->main || !h->detector || !gr__g_blocked(g)) return;
    if (waker_of(h->wait) != NOBODY && waker_of(h->wait) != PEER) return;
    if (may_pass(h->wait) && c->others_run) return;
    if (gr__wait_was_told(gr__goroutine_actor(g))) return;
    uint64_t hash = (h->wait_pc ^ h->created_pc << 20 ^ h->wait) * 0x9e3779b97f4a7c15ull >> 32;
    for (size_t tries = 0; tries < c->room; tries++) {
        kin *k = &c->table[(hash + tries) & (c->room - 1)];
        if (k->first && !alike(gr__g_head_of(k->first), h)) continue;
        if (!k->first || h->goid < gr__g_head_of(k->first)->goid) k->first = g;
        k->count++;
        return;
    }
}

static void tell_kin(const kin *k) {
    gr__g_head *h = gr__g_head_of(k->first);
    const gr__actor *a = gr__goroutine_actor(k->first);
    gr__words note = {.length = 0};
    if (k->count > 1) {
        gr__words_number(&note, k->count - 1);
        gr__words_add(&note, " more of the same go statement ");
        gr__words_add(&note, k->count == 2 ? "waits" : "wait");
        gr__words_add(&note, " at the same place for the same reason.");
    }
    tell(waker_of(h->wait) == NOBODY ? GR__FINDING_LEAK_FOREVER : GR__FINDING_LEAK_AT_EXIT, a, h,
         gr__loc_child(a->context, h->wait_pc - 1), k->count > 1 ? note.text : NULL, NULL);
}

void gr__tell_leaks(void) {
    census c = {NULL, 0, false};
    gr__goroutines_freeze();
    gr__g_each(look, &c);
    if (!c.room) return;
    size_t goroutines = c.room;
    for (c.room = 64; c.room < 2 * goroutines; c.room *= 2) {}
    c.table = gr__pages(c.room * sizeof *c.table);
    if (!c.table) return;
    gr__g_each(sort_in, &c);
    for (;;) { /* in order of goroutines' numbers */
        kin *next = NULL;
        for (size_t i = 0; i < c.room; i++) {
            kin *k = &c.table[i];
            if (k->first && (!next || gr__g_head_of(k->first)->goid <
                                          gr__g_head_of(next->first)->goid)) next = k;
        }
        if (!next) break;
        tell_kin(next);
        next->first = NULL;
    }
    gr__pages_free(c.table, c.room * sizeof *c.table);
}
