/* drive.c - see model.h: run programs on the engine. One thread; what a run told is global because the
 * engine's hooks are.
 *
 * Programs that come one after the other share the engine, each with memory of its own, so that slots,
 * records and clocks are used again. Nothing is at that memory: the engine looks only at addresses. */
#include <string.h>

#include "detector/engine/access.h"
#include "tests/model/model.h"
#include "tests/model/recorder.h"

enum { FIRST_PC = 4096, CALL_PC = 1 << 16, NEIGHBOUR = BYTES };
#define MIB ((uintptr_t)1 << 20)
#define ROOMY (4 * MIB) /* more than the largest block */

typedef struct context { unsigned depth; uint8_t calls[DEPTH]; } context; /* steps that called, outermost first */

static reported *out;
static const truth *known;
static const program *playing;
static uintptr_t memory;
static unsigned played; /* programs since the engine last forgot */
static context contexts[ACTORS], of_event[OPS];

static unsigned event_of(gr__loc loc) {
    uintptr_t pc = 0;
    gr__loc_stack(loc, &pc, 1);
    return (unsigned)(pc - FIRST_PC);
}

/* The stack of a place is exactly what the actor had called when the event came. */
static bool has_stack(gr__loc loc, unsigned event) {
    uintptr_t pcs[DEPTH + 2];
    const context *c = &of_event[event];
    if (gr__loc_stack(loc, pcs, DEPTH + 2) != c->depth + 1) return false;
    for (unsigned i = 0; i < c->depth; i++)
        if (pcs[c->depth - i] != (uintptr_t)CALL_PC + c->calls[i]) return false;
    return true;
}

static const char *check_side(const gr__conflict_side *side, unsigned event) {
    const access *a = &known->accesses[event];
    const unsigned marks = GR__ACCESS_WRITE | GR__ACCESS_ATOMIC | GR__ACCESS_FREE | GR__ACCESS_CHANNEL |
                           GR__ACCESS_VPTR;
    uintptr_t low = side->address - memory;
    gr__actor *by = gr__actor_by_id(side->actor);
    if (!has_stack(side->loc, event)) return "a side's stack is not what was called";
    if (!by || by->number != a->actor) return "wrong actor";
    if ((side->flags ^ a->marks) & marks) return "wrong flags";
    if (low < a->low || low + side->size > a->low + a->size) return "wrong bytes";
    return NULL;
}

static void on_race(gr__actor *self, const gr__conflict_side *now, const gr__conflict_side *earlier) {
    unsigned d = event_of(now->loc), e = event_of(earlier->loc);
    if (d >= OPS || e >= OPS) {
        out->wrong = "a side's place is no event's";
        return;
    }
    const char *wrong = check_side(now, d);
    if (!wrong) wrong = check_side(earlier, e);
    if (!wrong && now->actor != self->id) wrong = "wrong actor";
    if (wrong) out->wrong = wrong;
    out->earlier[d] |= event(e);
    out->per_event[d]++;
    out->count++;
}

static enum gr__atomic_did operate(void *argument) { return *(enum gr__atomic_did *)argument; }

static void atomic_op(gr__actor *self, const op *o, uintptr_t pc) {
    enum gr__atomic_did kind = o->verb == LOAD ? GR__DID_LOAD : o->verb == STORE ? GR__DID_STORE : GR__DID_RMW;
    enum gr__atomic_did did = o->verb == CAS_FAILED ? GR__DID_LOAD : kind;
    gr__atomic(self, memory + o->low, o->size, kind, o->order, o->fail_order, pc, operate, &did);
}

/* The doors give flags as constants. */
#define FAST(size, flags) gr__access_fast(self, a, size, flags, pc)
#define FAST_OF(size)                                                                                        \
    case size:                                                                                               \
        if (write) FAST(size, GR__ACCESS_WRITE);                                                             \
        else FAST(size, 0);                                                                                  \
        break

static void plain_op(gr__actor *self, const op *o, uintptr_t pc) {
    bool write = o->verb == WRITE;
    uintptr_t a = memory + o->low;
    unsigned flags = (write ? GR__ACCESS_WRITE : 0u) | (op_of_channel(o) ? GR__ACCESS_CHANNEL : 0u) |
                     (op_of_vptr(o) ? GR__ACCESS_VPTR : 0u);
    if (flags > GR__ACCESS_WRITE) {
        gr__access(self, a, o->size, flags, pc);
        return;
    }
    switch (o->size) {
        FAST_OF(1);
        FAST_OF(2);
        FAST_OF(4);
        FAST_OF(8);
        FAST_OF(16);
    default: gr__access_range(self, a, o->size, flags, pc);
    }
}

static void edge_op(gr__actor *self, const op *o) {
    uintptr_t object = memory + o->object;
    if (op_of_second(o)) object |= GR__OBJECT_SECOND;
    switch (o->verb) {
    case ACQUIRE: gr__acquire(self, object, 0); break;
    case RELEASE: gr__release(self, object, 0); break;
    case MERGE: gr__release_merge(self, object, 0); break;
    case EXCHANGE: gr__release_acquire(self, object, 0); break;
    case ACQUIRE_RELAXED: gr__acquire_relaxed(self, object, 0); break;
    default: gr__release_relaxed(self, object, op_read_modify_writes(o), 0); break;
    }
}

static gr__loc place(gr__actor *self, uintptr_t pc) { return gr__loc_child(self->context, pc); }

static bool same_block(const gr__heap_block *b, const home *h, gr__actor *const *actors) {
    const op *made = &playing->ops[h->allocated], *freed = &playing->ops[h->freed_at];
    return b->low == memory + h->low && b->size == h->size && b->freed == h->freed &&
           event_of(b->allocated_at) == h->allocated && has_stack(b->allocated_at, h->allocated) &&
           b->actor == actors[made->actor]->id &&
           (!h->freed || (event_of(b->freed_at) == h->freed_at && b->free_actor == actors[freed->actor]->id));
}

static void heap_op(gr__actor *self, unsigned i, const op *o, gr__actor *const *actors) {
    block b = program_block(playing, o);
    const home *h = &known->homes[i];
    if (o->verb == ALLOC) gr__heap_alloc(self, memory + b.low, b.size, place(self, FIRST_PC + i));
    else if (o->verb == FREE) {
        size_t size = gr__heap_free(self, memory + b.low, place(self, FIRST_PC + i));
        if (size != (h->is && !h->freed ? h->size : SIZE_MAX)) out->wrong = "wrong size of a freed block";
    } else {
        gr__heap_block found;
        if (gr__heap_find(memory + o->low, &found) != h->is) out->wrong = "a block is found or not";
        else if (h->is && !same_block(&found, h, actors)) out->wrong = "another block is found";
    }
}

static void reset_stack(const op *o) {
    uintptr_t middle = memory + SPLIT, low = memory + o->low;
    switch (op_reach(playing, o)) {
    case PART: gr__memory_reset_stack(low, low + o->size); break;
    case BELOW: gr__memory_reset_stack(middle - MIB + 4096, middle); break; /* above a guard page */
    case ABOVE: gr__memory_reset_stack(middle, middle + MIB); break;
    case UPPER: gr__memory_reset_stack(low, middle); break;
    default: gr__memory_reset_stack(middle - MIB, middle + MIB); break;
    }
}

static void call(gr__actor *self, const op *o, unsigned i) {
    context *c = &contexts[o->actor];
    c->calls[c->depth++] = (uint8_t)i;
    self->context = gr__loc_child(self->context, CALL_PC + i);
}

static void return_(gr__actor *self, const op *o) {
    contexts[o->actor].depth--;
    self->context = gr__loc_parent(self->context);
}

static char meeting; /* where actors meet: its address is an object that no step names */

static void step(gr__actor **actors, unsigned i, const op *o) {
    gr__actor *self = actors[o->actor];
    uintptr_t pc = FIRST_PC + i;
    enum gr__actor_kind kind = op_of_thread(o) ? GR__ACTOR_THREAD : GR__ACTOR_GOROUTINE;
    switch (o->verb) {
    case READ: case WRITE: plain_op(self, o, pc); break;
    case LOAD: case STORE: case RMW: case CAS_FAILED: atomic_op(self, o, pc); break;
    case FENCE: gr__fence(self, o->order); break;
    case ROOT: actors[o->other] = gr__actor_root(kind, o->other); break;
    case FORK: actors[o->other] = gr__actor_fork(self, kind, o->other, place(self, pc)); break;
    case END: gr__actor_end(self); break;
    case JOIN: gr__actor_join(self, actors[o->other], 0); break;
    case MEET: gr__meet(self, actors[o->other], (uintptr_t)&meeting, 0); break;
    case ALLOC: case FREE: case FIND: heap_op(self, i, o, actors); break;
    case RESET: gr__memory_reset(memory + o->low, o->size); break;
    case RESET_STACK: reset_stack(o); break;
    case DESTROY: gr__sync_destroy(memory + o->low, o->size); break;
    case IGNORE: self->ignore++; break;
    case HEED: self->ignore--; break;
    case CALL: call(self, o, i); break;
    case RETURN: return_(self, o); break;
    default: edge_op(self, o); break;
    }
}

void engine_forget(void) {
    gr__engine_reset();
    played = 0;
}

static bool needs_room(const program *p) {
    for (unsigned i = 0; i < p->count; i++)
        if (p->ops[i].verb == ALLOC && program_block(p, &p->ops[i]).size > BYTES) return true;
    return p->stack;
}

/* Memory of programs: of mappings, of position-dependent executables, of brk, of goroutines' stacks. */
static uintptr_t choose_memory(const program *p) {
    static const uintptr_t lows[] = {0x7f1000000000, 0x600000, 0x560000000000};
    if (!needs_room(p)) return lows[p->seed / 64 % 3] + played * (uintptr_t)NEIGHBOUR;
    return (p->stack ? 0x540000000000 - SPLIT : 0x7e1000000000) + (1 + played) * ROOMY;
}

void engine_run(const program *p, const truth *t, bool logged, reported *result) {
    gr__actor *actors[ACTORS] = {0};
    gr__engine_hooks hooks = {.race = on_race, .log = logged ? recorder_log : NULL,
                              .new_loc = logged ? recorder_loc : NULL};
    gr__engine_init(&hooks);
    gr__sweep_begins = p->seed / 32 % 2 ? 0 : 32;
    recorder_clear();
    memset(result, 0, sizeof *result);
    memset(contexts, 0, sizeof contexts);
    out = result;
    known = t;
    playing = p;
    memory = choose_memory(p);
    played++;
    actors[0] = gr__actor_root(GR__ACTOR_THREAD, 0);
    for (unsigned i = 0; i < p->count; i++) {
        const op *o = &p->ops[i];
        if (!t->does[i]) continue;
        of_event[i] = contexts[o->actor];
        if (logged) recorder_switch(actors[o->actor]);
        step(actors, i, o);
    }
}
