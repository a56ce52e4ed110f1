/* goroutines_trace.c - the goroutines and threads that lived at a trace's end, as records. Events are only
 * followed, nothing is replayed: who began and did not end, whose wait has not ended, and where everybody was
 * seen last. Of what is waited for the trace knows where a channel was made, and who took a mutex last. */
#include "cli/goroutines.h"

#include "cli/cli.h"
#include "detector/trace/trace.h"
#include "runtime/inspect/record.h"
#include "runtime/vocab/finding.h"
#include "runtime/vocab/wait.h"

#include <inttypes.h>
#include <stdlib.h>
#include <string.h>

enum { FRAMES = 128, ROOM = 1 << 14, ACTOR_FRAMES = 100 };
#define MOST ((uint64_t)1 << 26)

typedef struct one {
    uint64_t number, creator, object;
    uint32_t kind, created_at, last_at, wait, wait_at; /* places */
    uint32_t blocks;         /* how often it has blocked */
    bool introduced, lives, waits;
} one;

typedef struct one_case {
    uint64_t actor, channel;
    uint32_t index;
    bool send;
} one_case;

typedef struct place { uint64_t pc; uint32_t parent; } place;

typedef struct wanted {      /* what somebody waits for */
    uint64_t address, holder;
    uint32_t made_at;
} wanted;

typedef struct state {
    one *actors;
    size_t actor_room;
    place *places;
    size_t place_room;
    one_case *cases;         /* of those who wait in a select at the end, by actor and index */
    size_t case_count;
    wanted *objects;         /* hashed by address; a power of two of entries */
    size_t object_room, object_count;
    uint64_t *sizes;         /* by thread: of the next event */
} state;

static char bytes[ROOM];
static gr__record_buffer buffer = {.bytes = bytes, .capacity = ROOM};

static bool grow(void **array, size_t *room, size_t unit, uint64_t i) {
    if (i < *room) return true;
    if (i >= MOST) return false;
    size_t n = *room ? *room : 1024;
    while (n <= i) n *= 2;
    char *bigger = realloc(*array, n * unit);
    if (!bigger) abort();
    memset(bigger + *room * unit, 0, (n - *room) * unit);
    *array = bigger;
    *room = n;
    return true;
}

static one *actor_of(state *s, uint64_t id) {
    return id && grow((void **)&s->actors, &s->actor_room, sizeof *s->actors, id) ? &s->actors[id] : NULL;
}

/* --- first: who lives, and what they wait for --- */

static void learn_place(state *s, gr__event e) {
    uint32_t id = gr__event_place(e);
    if (id && grow((void **)&s->places, &s->place_room, sizeof *s->places, id))
        s->places[id] = (place){gr__event_address(e), gr__event_number(e)};
}

static void introduce(state *s, gr__event e) {
    one *a = actor_of(s, gr__event_address(e));
    if (!a) return;
    a->kind = gr__event_arg(e);
    a->number = gr__event_number(e);
    a->created_at = gr__event_place(e);
    a->introduced = true;
}

static bool has_place(unsigned type) {
    return type == GR__EVENT_ACCESS || type == GR__EVENT_ACQUIRE || type == GR__EVENT_RELEASE ||
           type == GR__EVENT_RELEASE_MERGE || type == GR__EVENT_RELEASE_ACQUIRE || type == GR__EVENT_FORK ||
           type == GR__EVENT_JOIN || type == GR__EVENT_ALLOC || type == GR__EVENT_FREE ||
           type == GR__EVENT_ACQUIRE_RELAXED || type == GR__EVENT_RELEASE_RELAXED;
}

static void follow(uint32_t thread, uint64_t actor, gr__event e, void *argument) {
    (void)thread;
    state *s = argument;
    unsigned type = gr__event_type(e);
    one *self = actor_of(s, actor), *other;
    switch (type) {
    case GR__EVENT_LOC: learn_place(s, e); return;
    case GR__EVENT_ACTOR: introduce(s, e); return;
    case GR__EVENT_ROOT:
        if ((other = actor_of(s, gr__event_address(e)))) other->lives = true;
        return;
    case GR__EVENT_FORK:
        if (!(other = actor_of(s, gr__event_address(e)))) break;
        other->lives = true;
        other->creator = actor;
        self = actor_of(s, actor); /* the array may have moved */
        break;
    case GR__EVENT_END:
        if ((other = actor_of(s, gr__event_address(e)))) other->lives = false;
        return;
    case GR__EVENT_NUMBER:
        if (!self) return;
        self->kind = gr__event_arg(e);
        self->number = gr__event_address(e);
        return;
    case GR__EVENT_BLOCK:
        if (!self) return;
        self->waits = true;
        self->blocks++;
        self->wait = gr__event_arg(e);
        self->object = gr__event_address(e);
        self->wait_at = gr__event_place(e);
        return;
    case GR__EVENT_UNBLOCK:
        if (self) self->waits = false;
        return;
    default: break;
    }
    if (self && has_place(type) && gr__event_place(e)) self->last_at = gr__event_place(e);
}

/* --- then: what is known of those things --- */

static bool selects(const one *a) {
    return a->lives && a->waits && (a->wait == GR__WAIT_SELECT || a->wait == GR__WAIT_SELECT_NIL);
}

static wanted *slot_of(const state *s, uint64_t address) {
    size_t at = (size_t)(address * UINT64_C(0x9e3779b97f4a7c15) >> 24) & (s->object_room - 1);
    while (s->objects[at].address && s->objects[at].address != address) at = (at + 1) & (s->object_room - 1);
    return &s->objects[at];
}

static void take_case(state *s, const one_case *c) {
    if ((s->case_count & (s->case_count - 1)) == 0) {
        s->cases = realloc(s->cases, (s->case_count ? 2 * s->case_count : 1) * sizeof *s->cases);
        if (!s->cases) abort();
    }
    s->cases[s->case_count++] = *c;
}

static wanted *wanted_of(const state *s, uint64_t address) {
    wanted *w = s->object_room && address ? slot_of(s, address) : NULL;
    return w && w->address ? w : NULL;
}

/* The last time that somebody blocked: the selects among those. */
static void gather_cases(uint32_t thread, uint64_t actor, gr__event e, void *argument) {
    (void)thread;
    state *s = argument;
    one *self = actor < s->actor_room ? &s->actors[actor] : NULL;
    if (!self || !selects(self)) return;
    if (gr__event_type(e) == GR__EVENT_BLOCK) self->blocks--;
    if (gr__event_type(e) != GR__EVENT_CASE || self->blocks) return;
    one_case c = {actor, gr__event_address(e), gr__event_number(e), gr__event_arg(e) != 0};
    take_case(s, &c);
}

static int by_actor(const void *a, const void *b) {
    const one_case *x = a, *y = b;
    if (x->actor != y->actor) return x->actor < y->actor ? -1 : 1;
    return x->index < y->index ? -1 : x->index > y->index;
}

static void want(state *s) {
    size_t n = 1 + s->case_count;
    for (size_t i = 0; i < s->actor_room; i++) n += s->actors[i].lives && s->actors[i].waits;
    for (s->object_room = 2; s->object_room < 2 * n;) s->object_room *= 2;
    s->objects = calloc(s->object_room, sizeof *s->objects);
    if (!s->objects) abort();
    for (size_t i = 0; i < s->actor_room; i++)
        if (s->actors[i].lives && s->actors[i].waits && s->actors[i].object)
            slot_of(s, s->actors[i].object)->address = s->actors[i].object;
    for (size_t i = 0; i < s->case_count; i++)
        if (s->cases[i].channel) slot_of(s, s->cases[i].channel)->address = s->cases[i].channel;
}

static void look_after(uint32_t thread, uint64_t actor, gr__event e, void *argument) {
    state *s = argument;
    unsigned type = gr__event_type(e);
    if (type == GR__EVENT_SIZE) {
        s->sizes[thread] = gr__event_address(e);
        return;
    }
    uint64_t size = s->sizes[thread];
    s->sizes[thread] = 0;
    if (type != GR__EVENT_ALLOC && type != GR__EVENT_ACQUIRE && type != GR__EVENT_RELEASE) return;
    wanted *w = wanted_of(s, gr__event_address(e));
    if (!w) return;
    if (type == GR__EVENT_ALLOC && size == 1) w->made_at = gr__event_place(e); /* so channels are told */
    if (type == GR__EVENT_ACQUIRE) w->holder = actor;
    if (type == GR__EVENT_RELEASE && w->holder == actor) w->holder = 0;
}

/* --- records --- */

/* A calling context, innermost first. */
static gr__stack_pcs stack_of(const state *s, uint32_t id, uint64_t *frames) {
    uint32_t n = 0;
    for (; id && id < s->place_room && n < ACTOR_FRAMES; n++) {
        frames[n] = s->places[id].pc;
        uint32_t parent = s->places[id].parent;
        id = parent < id ? parent : 0; /* a damaged trace may say otherwise */
    }
    return (gr__stack_pcs){frames, n};
}

static void flush(reports *r) {
    reports_message(r, buffer.bytes, buffer.length);
    buffer.length = 0;
    buffer.full = false;
}

static uint64_t id_of(const state *s, uint64_t actor) {
    const one *a = actor < s->actor_room ? &s->actors[actor] : NULL;
    if (!a || !a->introduced) return 0;
    return a->kind == GR__RECORD_THREAD ? GR__ACTOR_THREAD + a->number : a->number;
}

static bool is_mutex(unsigned wait) { return wait == GR__WAIT_MUTEX_LOCK || wait == GR__WAIT_PTHREAD_MUTEX_LOCK; }

static void tell_case(const state *s, reports *r, const one_case *c) {
    uint64_t made[FRAMES];
    const wanted *w = wanted_of(s, c->channel);
    gr__rec_select_case record = {.index = c->index, .send = c->send, .channel = c->channel,
                                  .channel_state = c->channel ? GR__CHANNEL_UNKNOWN : GR__CHANNEL_NIL,
                                  .made_at = stack_of(s, w ? w->made_at : 0, made)};
    gr__put_select_case(&buffer, &record);
    flush(r);
}

/* Next: the first case that may be this actor's, or a later one's. */
static void tell(const state *s, reports *r, uint64_t id, size_t *next) {
    uint64_t frames[FRAMES], created[FRAMES], made[FRAMES];
    const one *a = &s->actors[id];
    gr__rec_actor actor = {.actor = id_of(s, id), .kind = a->kind, .number = a->number,
        .state = a->waits ? GR__STATE_WAITING : GR__STATE_RUNNING, .wait = a->waits ? a->wait : 0,
        .creator = id_of(s, a->creator), .created_at = stack_of(s, a->created_at, created),
        .stack = stack_of(s, a->waits ? a->wait_at : a->last_at, frames)};
    gr__put_actor(&buffer, &actor);
    flush(r);
    for (; *next < s->case_count && s->cases[*next].actor <= id; ++*next)
        if (s->cases[*next].actor == id) tell_case(s, r, &s->cases[*next]);
    const wanted *w = a->waits && !selects(a) ? wanted_of(s, a->object) : NULL;
    if (w) {
        gr__rec_wait_object object = {.object = w->address, .kind = a->wait, .state = GR__CHANNEL_UNKNOWN,
                                      .made_at = stack_of(s, w->made_at, made)};
        gr__put_wait_object(&buffer, &object);
    }
    gr__rec_holder holder = {w && is_mutex(a->wait) ? id_of(s, w->holder) : 0};
    if (holder.actor) gr__put_holder(&buffer, &holder);
    flush(r);
}

/* What lies outside of groups: the modules. */
static void take_record(uint32_t id, const char *record, size_t length, void *argument) {
    if (id == GR__RECORD_MODULE || id == GR__RECORD_HELLO) reports_record(argument, id, record, length);
}

static void say_what_is_missing(const gr__trace *trace, const char *path) {
    uint64_t at;
    if (gr__trace_cut(trace, &at))
        cli_complain("%s is cut or damaged at byte %" PRIu64 ": this is what it tells up to there", path, at);
}

void goroutines_tell_trace(const char *path, reports *r) {
    const char *error;
    gr__trace *trace = gr__trace_read(path, &error);
    if (!trace) cli_fail("%s", error);
    say_what_is_missing(trace, path);
    state s = {.sizes = calloc(gr__trace_threads(trace) + 1u, sizeof(uint64_t))};
    if (!s.sizes) abort();
    gr__trace_each_record(trace, take_record, r);
    gr__trace_merge(trace, follow, &s);
    gr__trace_merge(trace, gather_cases, &s);
    qsort(s.cases, s.case_count, sizeof *s.cases, by_actor);
    want(&s);
    gr__trace_merge(trace, look_after, &s);
    gr__rec_finding f = {GR__FINDING_DUMP, 1, gr__string_of("")};
    gr__put_finding(&buffer, &f);
    flush(r);
    size_t next = 0;
    for (size_t i = 1; i < s.actor_room; i++)
        if (s.actors[i].introduced && s.actors[i].lives) tell(&s, r, i, &next);
    free(s.cases);
    gr__trace_free(trace);
    free(s.actors);
    free(s.places);
    free(s.objects);
    free(s.sizes);
}
