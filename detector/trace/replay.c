/* replay.c - drive the engine and the finding builder with a trace. In gorace only, one replay at a
 * time: the engine is global, and so is `now`, which the hooks reach.
 *
 * Actors and places get new ids here; a trace's ids are looked up in arrays. Events of an actor
 * that the trace never introduced (its beginning was lost) make it a root.
 */
#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "detector/finding/finding.h"
#include "detector/trace/trace.h"

#define ACTORS_MAX (1ull << 26)
#define LOCS_MAX (1ull << 26)

typedef struct actor_entry { gr__actor *actor; uint64_t number, kind; gr__loc created_at; } actor_entry;
typedef struct loc_entry { uint64_t pc; gr__loc parent, mapped; bool known; } loc_entry;
typedef struct stack_entry { uintptr_t low; size_t size; uint64_t actor; bool tls; uint32_t thread; } stack_entry;

typedef struct replay {
    void (*sink)(const char *records, size_t length, void *argument);
    void *argument;
    actor_entry *actors; size_t actors_room;
    loc_entry *locs; size_t locs_room;
    stack_entry *stacks; size_t stacks_room, stacks_count; /* hash by low; low 0: free */
    size_t *sizes;                                         /* by thread: of the next event */
    uint32_t thread;                                       /* whose event is applied */
} replay;

static replay *now;

/* Room for element i of an array, zeroed; false when i is nonsense or memory is out. */
static bool grow(void **array, size_t *room, size_t unit, uint64_t i, uint64_t limit) {
    if (i < *room) return true;
    if (i >= limit) return false;
    size_t wanted = *room ? *room : 1024;
    while (wanted <= i) wanted *= 2;
    void *p = realloc(*array, wanted * unit);
    if (!p) return false;
    memset((char *)p + *room * unit, 0, (wanted - *room) * unit);
    *array = p;
    *room = wanted;
    return true;
}

static actor_entry *entry_of(replay *r, uint64_t id) {
    void *array = r->actors;
    bool fits = id && grow(&array, &r->actors_room, sizeof *r->actors, id, ACTORS_MAX);
    r->actors = array;
    return fits ? &r->actors[id] : NULL;
}

static enum gr__actor_kind kind_of(const actor_entry *e) {
    bool known = e->kind >= GR__ACTOR_GOROUTINE && e->kind <= GR__ACTOR_FIBER;
    return known ? (enum gr__actor_kind)e->kind : GR__ACTOR_GOROUTINE;
}

static gr__actor *actor_of(replay *r, uint64_t id) {
    actor_entry *e = entry_of(r, id);
    if (!e) return NULL;
    if (!e->actor) {
        e->actor = gr__actor_root(kind_of(e), e->number);
    }
    return e->actor;
}

static void learn_loc(uint32_t thread, uint64_t actor, gr__event e, void *argument) {
    (void)thread;
    (void)actor;
    replay *r = argument;
    if (gr__event_type(e) != GR__EVENT_LOC) return;
    uint32_t id = gr__event_place(e);
    void *array = r->locs;
    bool fits = id && grow(&array, &r->locs_room, sizeof *r->locs, id, LOCS_MAX);
    r->locs = array;
    if (fits) r->locs[id] = (loc_entry){gr__event_address(e), gr__event_number(e), 0, true};
}

/* Make the engine's places. A context is defined before what is called from it, so its id is the
 * smaller one; where a damaged trace says otherwise the place has no context. */
static void map_locs(replay *r) {
    for (size_t i = 1; i < r->locs_room; i++) {
        loc_entry *e = &r->locs[i];
        if (e->known) e->mapped = gr__loc_child(e->parent < i ? r->locs[e->parent].mapped : 0, e->pc);
    }
}

static gr__loc loc_of(const replay *r, gr__loc id) {
    return id < r->locs_room ? r->locs[id].mapped : 0;
}

static stack_entry *stack_at(replay *r, uintptr_t low) {
    size_t i = (size_t)((low >> 12) * 0x9e3779b97f4a7c15ull >> 20);
    for (;; i++) {
        stack_entry *s = &r->stacks[i & (r->stacks_room - 1)];
        if (s->low == low || !s->low) return s;
    }
}

static void note_stack(replay *r, uintptr_t low, size_t size, uint64_t actor, bool tls) {
    if (!low) return;
    if (2 * (r->stacks_count + 1) > r->stacks_room) {
        replay bigger = *r;
        bigger.stacks_room = r->stacks_room ? 2 * r->stacks_room : 256;
        bigger.stacks = calloc(bigger.stacks_room, sizeof *bigger.stacks);
        if (!bigger.stacks) return;
        for (size_t i = 0; i < r->stacks_room; i++)
            if (r->stacks[i].low) *stack_at(&bigger, r->stacks[i].low) = r->stacks[i];
        free(r->stacks);
        r->stacks = bigger.stacks;
        r->stacks_room = bigger.stacks_room;
    }
    stack_entry *s = stack_at(r, low);
    if (!s->low) r->stacks_count++;
    *s = (stack_entry){low, size, actor, tls, r->thread};
}

/* Thread-local storage lies within the stack of its thread: it goes first. */
static bool stack_place(uintptr_t address, gr__finding_place *out) {
    bool found = false;
    for (size_t i = 0; i < now->stacks_room; i++) {
        const stack_entry *s = &now->stacks[i];
        if (!s->low || address - s->low >= s->size || (found && !s->tls)) continue;
        *out = (gr__finding_place){.actor = s->actor, .low = s->low, .size = s->size, .tls = s->tls};
        found = true;
    }
    return found;
}

static bool is_goroutine(uint64_t actor) {
    const gr__actor *a = gr__actor_by_id(actor);
    return a && a->kind == GR__ACTOR_GOROUTINE;
}

/* As in the program itself: goroutines use their thread's own storage one after the other. */
static bool in_turn(const gr__conflict_side *present, const gr__conflict_side *earlier, bool thorough) {
    if (thorough || !is_goroutine(present->actor) || !is_goroutine(earlier->actor)) return false;
    for (size_t i = 0; i < now->stacks_room; i++) {
        const stack_entry *s = &now->stacks[i];
        if (s->low && s->tls && s->thread == now->thread && present->address - s->low < s->size) return true;
    }
    return false;
}

static void put(const char *records, size_t length) { now->sink(records, length, now->argument); }

static void race(gr__actor *self, const gr__conflict_side *present, const gr__conflict_side *earlier) {
    gr__finding_race(self, present, earlier);
}

/* Events that are done by nobody in particular. */
static bool apply_world(replay *r, uint64_t actor, gr__event e, size_t size) {
    uint64_t address = gr__event_address(e);
    actor_entry *entry;
    switch (gr__event_type(e)) {
    case GR__EVENT_RESET: gr__memory_reset(address, size); return true;
    case GR__EVENT_DESTROY: gr__sync_destroy(address, size); return true;
    case GR__EVENT_BENIGN: gr__benign_add(address, size); return true;
    case GR__EVENT_ROOT: actor_of(r, address); return true;
    case GR__EVENT_ACTOR:
        entry = entry_of(r, address);
        if (!entry || entry->actor) return true;
        entry->number = gr__event_number(e);
        entry->kind = gr__event_arg(e);
        entry->created_at = loc_of(r, gr__event_place(e));
        return true;
    case GR__EVENT_STACK: {
        gr__actor *owner = actor_of(r, actor);
        note_stack(r, address, size, owner ? owner->id : 0, gr__event_arg(e));
        return true;
    }
    default: return false;
    }
}

static void apply_fork(replay *r, gr__actor *self, uint64_t child) {
    actor_entry *e = entry_of(r, child);
    if (!e || e->actor) return;
    e->actor = gr__actor_fork(self, kind_of(e), e->number, e->created_at);
}

static void apply_access(replay *r, gr__actor *self, gr__event e) {
    gr__loc id = gr__event_place(e);
    bool known = id && id < r->locs_room && r->locs[id].known;
    self->context = known ? gr__loc_parent(loc_of(r, id)) : 0;
    gr__access_range(self, gr__event_address(e), gr__event_number(e), gr__event_arg(e),
                     known ? r->locs[id].pc : 0);
}

/* What an actor frees while it is ignored is no access. */
static void apply_free(gr__actor *self, gr__event e, gr__loc loc) {
    int32_t ignore = self->ignore;
    if (gr__event_arg(e)) self->ignore = 1;
    gr__heap_free(self, gr__event_address(e), loc);
    self->ignore = ignore;
}

static void apply(uint32_t thread, uint64_t actor, gr__event e, void *argument) {
    replay *r = argument;
    size_t size = r->sizes[thread];
    uint64_t address = gr__event_address(e);
    if (gr__event_type(e) == GR__EVENT_SIZE) {
        r->sizes[thread] = address;
        return;
    }
    r->sizes[thread] = 0;
    r->thread = thread;
    if (apply_world(r, actor, e, size)) return;
    gr__actor *self = actor_of(r, actor);
    if (!self) return;
    gr__loc loc = loc_of(r, gr__event_place(e));
    gr__actor *other;
    switch (gr__event_type(e)) {
    case GR__EVENT_ACCESS: apply_access(r, self, e); break;
    case GR__EVENT_ACQUIRE: gr__acquire(self, address, loc); break;
    case GR__EVENT_RELEASE: gr__release(self, address, loc); break;
    case GR__EVENT_RELEASE_MERGE: gr__release_merge(self, address, loc); break;
    case GR__EVENT_RELEASE_ACQUIRE: gr__release_acquire(self, address, loc); break;
    case GR__EVENT_ACQUIRE_RELAXED: gr__acquire_relaxed(self, address, loc); break;
    case GR__EVENT_RELEASE_RELAXED: gr__release_relaxed(self, address, gr__event_arg(e), loc); break;
    case GR__EVENT_FENCE_ACQUIRE: gr__fence(self, GR__ACQUIRE); break;
    case GR__EVENT_FENCE_RELEASE: gr__fence(self, GR__RELEASE); break;
    case GR__EVENT_FORK: apply_fork(r, self, address); break;
    case GR__EVENT_END:
        if ((other = actor_of(r, address))) gr__actor_end(other);
        break;
    case GR__EVENT_JOIN:
        if ((other = actor_of(r, address))) gr__actor_join(self, other, loc);
        break;
    case GR__EVENT_NUMBER:
        self->kind = gr__event_arg(e);
        self->number = address;
        break;
    case GR__EVENT_ALLOC: gr__heap_alloc(self, address, size, loc); break;
    case GR__EVENT_FREE: apply_free(self, e, loc); break;
    case GR__EVENT_MAP:
        if (gr__event_arg(e)) gr__mapping_made(&(gr__mapping){address, address + size, self->id, loc});
        else gr__mapping_gone(address, address + size);
        break;
    default: break; /* LOC is known, SWITCH and BLOCK change no clock */
    }
}

int gr__trace_replay(const gr__trace *trace,
                     void (*sink)(const char *records, size_t length, void *argument),
                     void *argument) {
    gr__engine_hooks hooks = {.race = race};
    gr__finding_world world = {.stack_place = stack_place, .in_turn = in_turn, .put = put};
    replay r = {.sink = sink, .argument = argument,
                .sizes = calloc(gr__trace_threads(trace) + 1u, sizeof(size_t))};
    int error = r.sizes ? gr__engine_init(&hooks) : ENOMEM;
    if (!error) {
        gr__engine_reset();
        gr__finding_init(&world);
        now = &r;
        gr__trace_merge(trace, learn_loc, &r);
        map_locs(&r);
        gr__trace_merge(trace, apply, &r);
        now = NULL;
    }
    free(r.actors);
    free(r.locs);
    free(r.stacks);
    free(r.sizes);
    return error;
}
