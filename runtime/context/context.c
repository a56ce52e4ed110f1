/* context.c - contexts: what is to be done was called off, or its time is up. Any goroutine.
 * Semantics: Go src/context/context.go.
 *
 * A context right below the background and all that descend from it are a tree with one lock, which
 * lies in the topmost: that one is freed last. All descendants of an ended context have ended.
 * Letters: c constant, t the tree's lock, a atomic. Lock order: alarms, tree, channels, scheduler; so
 * alarms are set and stopped without the tree's lock, and a context whose alarm is still to be stopped
 * is held by a reference: its owner may free it meanwhile.
 *
 * Edges go through the done channel: its clock is the maker's until somebody cancels the context.
 */
#include "runtime/chan/chan.h"
#include "runtime/os/os.h"
#include "runtime/time/time.h"

struct gr_context {
    gr__alarm alarm;
    uint64_t deadline;          /* c: its own or an earlier one above it; FAR: none */
    bool armed;                 /* c: it has an alarm: none above it rings earlier */
    uint32_t status;            /* t to write, a to read: gr_context_status */
    uint32_t references;        /* a: of its owner, and of who will stop its alarm */
    uint32_t lock;              /* the tree's; in the topmost */
    gr_chan *done;              /* c */
    gr_context *top, *parent;   /* c; of the topmost: itself, NULL */
    gr_context *children;       /* t: the first */
    gr_context *next, *previous; /* t: siblings */
    gr_context *to_stop;        /* the next in the list of who ended it */
};

#define FAR UINT64_MAX

static gr_context background = {.deadline = FAR};

gr_context *gr_background(void) { return &background; }

static void drop(gr_context *c) {
    if (GR__ADD(&c->references, -1) != 0) return;
    gr__hook_block_gone(c);
    gr__free(c, sizeof *c);
}

/* --- the end --- */

typedef struct ending {
    gr_context_status status;
    bool by_alarm;              /* on a thread without a goroutine, under the alarms' lock */
    uintptr_t pc;
    gr_context *to_stop;        /* set by end_all: their alarms may be set */
} ending;

/* Who sees the status has the edge: the release comes before it. */
static void end_one(gr_context *c, ending *e) {
    if (!e->by_alarm) gr__hook_release(c->done);
    GR__STORE(&c->status, (uint32_t)e->status);
    if (e->by_alarm) {
        gr__chan_close_from_alarm(c->done);
        return;
    }
    gr__chan_close(c->done, e->pc);
    if (!c->armed) return;
    GR__ADD(&c->references, 1);
    c->to_stop = e->to_stop;
    e->to_stop = c;
}

/* End c and its descendants, parents first; the tree's lock is held. */
static void end_all(gr_context *c, ending *e) {
    for (gr_context *at = c;;) {
        if (!at->status) {
            end_one(at, e);
            if (at->children) {
                at = at->children;
                continue;
            }
        }
        while (at != c && !at->next) at = at->parent;
        if (at == c) return;
        at = at->next;
    }
}

static void cancel(gr_context *c, uintptr_t pc) {
    ending e = {GR_CONTEXT_CANCELED, false, pc, NULL};
    gr__lock(&c->top->lock);
    end_all(c, &e);
    gr__unlock(&c->top->lock);
    while (e.to_stop) {
        gr_context *one = e.to_stop;
        e.to_stop = one->to_stop;
        gr__alarm_stop(&one->alarm);
        drop(one);
    }
}

/* Alarms below need no stop: they were set to ring before this one. */
static void expire(void *argument, uint64_t now) {
    (void)now;
    gr_context *c = argument;
    ending e = {GR_CONTEXT_DEADLINE_EXCEEDED, true, 0, NULL};
    gr__lock(&c->top->lock);
    end_all(c, &e);
    gr__unlock(&c->top->lock);
}

void gr_context_cancel(gr_context *c) {
    if (c == &background) return;
    gr__self();
    cancel(c, GR__CALLER_PC);
}

/* --- the beginning --- */

/* What ends the parent ends this one, so the maker knows what is known of the parent's end. */
static void join(gr_context *c, gr_context *parent) {
    c->top = parent->top;
    c->parent = parent;
    gr__lock(&c->top->lock);
    gr__hook_acquire(parent->done);
    c->next = parent->children;
    if (c->next) c->next->previous = c;
    parent->children = c;
}

static gr_context *make(gr_context *parent, uint64_t deadline, bool expired, uintptr_t pc) {
    gr__self();
    if (!parent) gr__panic("cannot create context from nil parent");
    gr_context *c = gr__alloc(sizeof *c);
    if (!c) gr__fatal("out of memory: no room for a context");
    gr__hook_block_new(c, sizeof *c);
    bool earlier = deadline < parent->deadline;
    c->deadline = earlier ? deadline : parent->deadline;
    c->alarm.fire = expire;
    c->alarm.argument = c;
    c->references = 1;
    c->done = gr__chan_new(0, 0, pc);
    gr__chan_origin(c->done, GR__ORIGIN_CONTEXT);
    c->top = c;
    if (parent == &background) gr__lock(&c->lock);
    else join(c, parent);
    gr__hook_release(c->done);
    ending e = {(gr_context_status)parent->status, false, pc, NULL};
    if (!e.status && expired) e.status = GR_CONTEXT_DEADLINE_EXCEEDED;
    if (e.status) end_all(c, &e);
    else c->armed = earlier;
    bool armed = c->armed;
    gr__unlock(&c->top->lock);
    if (armed) {
        gr__alarm_set(&c->alarm, c->deadline);
        /* who ended it before that has stopped nothing */
        if (GR__LOAD(&c->status)) gr__alarm_stop(&c->alarm);
    }
    return c;
}

gr_context *gr_with_cancel(gr_context *parent) { return make(parent, FAR, false, GR__CALLER_PC); }

gr_context *gr_with_timeout(gr_context *parent, gr_duration d) {
    uint64_t then = gr__os_now() + (uint64_t)(d > 0 ? d : 0);
    return make(parent, then < INT64_MAX ? then : INT64_MAX, d <= 0, GR__CALLER_PC);
}

gr_context *gr_with_deadline(gr_context *parent, gr_duration when) {
    return make(parent, when > 0 ? (uint64_t)when : 0, when <= gr_now(), GR__CALLER_PC);
}

/* --- between --- */

gr_chan *gr_context_done(gr_context *c) { return c->done; }

gr_context_status gr_context_err(gr_context *c) {
    gr_context_status status = (gr_context_status)GR__LOAD_ACQUIRE(&c->status);
    gr__g *g = gr__self();
    if (status) gr__hook_acquire(c->done);
    else gr__fruitless(g);
    return status;
}

bool gr_context_deadline(gr_context *c, gr_duration *when) {
    if (c->deadline == FAR) return false;
    *when = (gr_duration)c->deadline;
    return true;
}

static void unlink_from(gr_context *c, gr_context *parent) {
    if (c->previous) c->previous->next = c->next;
    else parent->children = c->next;
    if (c->next) c->next->previous = c->previous;
}

void gr_context_free(gr_context *c) {
    uintptr_t pc = GR__CALLER_PC;
    if (!c || c == &background) return;
    gr__self();
    cancel(c, pc);
    /* it may still ring when another one's cancel has not come to its alarm, or may ring just now */
    if (c->armed) gr__alarm_stop(&c->alarm);
    gr__lock(&c->top->lock);
    if (c->children) {
        gr__unlock(&c->top->lock);
        gr__fatal("context: free of a context that has children");
    }
    if (c->parent) unlink_from(c, c->parent);
    gr__unlock(&c->top->lock);
    gr__hook_acquire(c->done);          /* the close, by whomever, is before the free */
    gr__chan_free(c->done, pc);
    drop(c);
}
