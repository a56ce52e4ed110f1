/* finding.c - see finding.h. The buffer and the pieces of the group that is being built belong to
 * who holds `busy`; the set of reported pairs is lock-free. Any thread may call.
 */
#include "detector/finding/finding.h"

#include <sched.h>

#include "runtime/base/base.h"
#include "runtime/inspect/record.h"
#include "runtime/vocab/finding.h"

enum { FRAMES = 64, ACTORS = 6, PAIRS = 1 << 16, PROBES = 64 };

static gr__finding_world world;
static uint64_t serials, races;  /* atomic */
static uint64_t pairs[PAIRS];    /* atomic: hashes of reported pairs; 0: free */
static uintptr_t busy;           /* atomic: the thread that builds a group */
static char bytes[32 * 1024];
static struct { uint64_t ids[ACTORS]; unsigned count; } named; /* actors the group told of */

void gr__finding_init(const gr__finding_world *asked) {
    world = *asked;
    serials = races = 0;
    memset(pairs, 0, sizeof pairs);
}

uint64_t gr__finding_races(void) { return __atomic_load_n(&races, __ATOMIC_RELAXED); }
uint64_t gr__finding_count(void) { return __atomic_load_n(&serials, __ATOMIC_RELAXED); }
uint64_t gr__finding_next_serial(void) {
    return __atomic_add_fetch(&serials, 1, __ATOMIC_RELAXED);
}

static uint64_t mix(uint64_t x) {
    x = (x ^ x >> 31) * 0x9e3779b97f4a7c15ull;
    return x ^ x >> 29;
}

static uint64_t side_hash(const gr__conflict_side *side) {
    uintptr_t pc = 0;
    gr__loc_stack(side->loc, &pc, 1);
    return mix(mix(pc) + side->flags);
}

/* True the first time; when the set is full round the pair's place it is taken for known. */
static bool first_time(const gr__conflict_side *a, const gr__conflict_side *b) {
    uint64_t hash = (mix(side_hash(a) + side_hash(b)) ^ (side_hash(a) ^ side_hash(b))) | 1;
    for (unsigned i = 0; i < PROBES; i++) {
        uint64_t *entry = &pairs[((hash >> 40 ^ hash >> 8) + i) & (PAIRS - 1)], none = 0;
        if (__atomic_load_n(entry, __ATOMIC_RELAXED) == hash) return false;
        if (__atomic_compare_exchange_n(entry, &none, hash, false, __ATOMIC_RELAXED,
                                        __ATOMIC_RELAXED)) return true;
        if (none == hash) return false;
    }
    return false;
}

static gr__stack_pcs stack_of(gr__loc loc, uint64_t *frames) {
    _Static_assert(sizeof(uintptr_t) == sizeof(uint64_t), "program counters are 64 bits");
    size_t count = gr__loc_stack(loc, (uintptr_t *)frames, FRAMES);
    return (gr__stack_pcs){frames, (uint32_t)(count < FRAMES ? count : FRAMES)};
}

static void put_access(gr__record_buffer *b, unsigned order, const gr__conflict_side *side) {
    uint64_t frames[FRAMES];
    gr__rec_access r = {.order = order, .flags = side->flags, .address = side->address,
                        .size = side->size, .actor = side->actor,
                        .stack = stack_of(side->loc, frames)};
    gr__put_access(b, &r);
}

static void put_actor(gr__record_buffer *b, uint64_t id) {
    gr__actor *a = gr__actor_by_id(id);
    for (unsigned i = 0; i < named.count; i++)
        if (named.ids[i] == id) return;
    if (!a || named.count == ACTORS) return;
    named.ids[named.count++] = id;
    uint64_t frames[FRAMES], wait_ns = 0;
    unsigned wait = 0, state = GR__STATE_RUNNING;
    if (__atomic_load_n(&a->ended, __ATOMIC_ACQUIRE)) state = GR__STATE_FINISHED;
    else if (world.actor_state) state = world.actor_state(id, &wait, &wait_ns);
    gr__rec_actor r = {.actor = id, .kind = a->kind, .number = a->number,
                       .name = gr__string_of(world.actor_name ? world.actor_name(id) : NULL),
                       .state = state, .wait = wait, .wait_ns = wait_ns, .creator = a->creator,
                       .created_at = stack_of(a->created_at, frames)};
    gr__put_actor(b, &r);
}

static void describe_block(gr__rec_location *r, const gr__heap_block *block, uint64_t *allocated, uint64_t *freed) {
    r->kind = GR__LOCATION_HEAP;
    r->low = block->low;
    r->size = block->size;
    r->actor = block->actor;
    r->allocated_at = stack_of(block->allocated_at, allocated);
    if (!block->freed) return;
    r->free_actor = block->free_actor;
    r->freed_at = stack_of(block->freed_at, freed);
}

/* What the memory is, and the actors that this names. A channel is a block of one byte. */
static void put_location(gr__record_buffer *b, uintptr_t address, bool channel) {
    uint64_t made[FRAMES], freed[FRAMES];
    gr__rec_location r = {.kind = GR__LOCATION_UNKNOWN, .address = address};
    gr__heap_block block;
    gr__finding_place place = {.actor = 0};
    gr__mapping mapping;
    if (world.stack_place && world.stack_place(address, &place)) {
        r.kind = place.tls ? GR__LOCATION_TLS : GR__LOCATION_STACK;
        r.low = place.low;
        r.size = place.size;
        r.actor = place.actor;
        r.module = place.module;
        r.offset = place.offset;
    } else if (gr__heap_find(address, &block)) {
        describe_block(&r, &block, made, freed);
        if (channel) r.kind = GR__LOCATION_CHANNEL;
    } else if (gr__mapping_find(address, &mapping)) {
        r.kind = GR__LOCATION_MAPPING;
        r.low = mapping.low;
        r.size = mapping.high - mapping.low;
        r.actor = mapping.actor;
        r.allocated_at = stack_of(mapping.at, made);
    }
    gr__put_location(b, &r);
    put_actor(b, r.actor);
    put_actor(b, r.free_actor);
}

static bool is_group(const gr__conflict_side *s) { return (s->flags & GR__ACCESS_GROUP) == GR__ACCESS_GROUP; }
static bool is_channel(const gr__conflict_side *s) { return (s->flags & GR__ACCESS_GROUP) == GR__ACCESS_CHANNEL; }

/* Add from zero without an order to Wait: what to do about it. */
static const char *remedy(const gr__conflict_side *now, const gr__conflict_side *earlier) {
    const gr__conflict_side *add = now->flags & GR__ACCESS_WRITE ? now : earlier;
    const gr__conflict_side *wait = add == now ? earlier : now;
    const gr__actor *adder = gr__actor_by_id(add->actor);
    return adder && adder->creator == wait->actor
               ? "The goroutine calls Add itself, and Wait may come first: it would not wait. Call Add before the "
                 "go statement."
               : "Nothing says whether Wait waits for what this Add counts. An Add from zero must come before the "
                 "Wait: call it in the goroutine that waits, or let that one know of it first.";
}

static enum gr__finding_kind kind_of(const gr__conflict_side *now, const gr__conflict_side *earlier) {
    if (is_group(now) && is_group(earlier)) return GR__FINDING_WAITGROUP_RACE;
    if (is_channel(now) || is_channel(earlier)) return GR__FINDING_CHANNEL_RACE;
    return earlier->flags & GR__ACCESS_FREE ? GR__FINDING_USE_AFTER_FREE : GR__FINDING_DATA_RACE;
}

/* False when this very thread is at it: a signal handler raced while a finding was built. */
static bool take_turn(void) {
    uintptr_t me = (uintptr_t)__builtin_thread_pointer(), holder = 0;
    while (!__atomic_compare_exchange_n(&busy, &holder, me, false, __ATOMIC_ACQUIRE,
                                        __ATOMIC_RELAXED)) {
        if (holder == me) return false;
        holder = 0;
        sched_yield();
    }
    return true;
}

bool gr__finding_race(gr__actor *self, const gr__conflict_side *now, const gr__conflict_side *earlier) {
    (void)self;
    if (gr__benign(now->address, now->size)) return false;
    if (world.in_turn && world.in_turn(now, earlier, false)) return false;
    if (!first_time(now, earlier)) return false;
    if (world.in_turn && world.in_turn(now, earlier, true)) return false;
    if (!take_turn()) return false;
    gr__record_buffer b = {bytes, 0, sizeof bytes, false};
    uint64_t serial = gr__finding_next_serial();
    enum gr__finding_kind kind = kind_of(now, earlier);
    bool race = kind != GR__FINDING_WAITGROUP_RACE;
    if (race) __atomic_add_fetch(&races, 1, __ATOMIC_RELAXED);
    named.count = 0;
    uintptr_t address = now->address > earlier->address ? now->address : earlier->address;
    gr__put_finding(&b, &(gr__rec_finding){.kind = kind, .serial = serial});
    put_access(&b, 0, now);
    put_access(&b, 1, earlier);
    put_actor(&b, now->actor);
    put_actor(&b, earlier->actor);
    put_location(&b, address, kind == GR__FINDING_CHANNEL_RACE);
    if (!race) gr__put_note(&b, &(gr__rec_note){gr__string_of(remedy(now, earlier))});
    gr__put_finding_end(&b, &(gr__rec_finding_end){.serial = serial});
    if (world.begin) world.begin();
    if (world.put) world.put(bytes, b.length);
    gr__zero(bytes, b.length); /* addresses of the program's objects: nobody holds them here */
    if (world.end && !world.end() && race) __atomic_sub_fetch(&races, 1, __ATOMIC_RELAXED);
    __atomic_store_n(&busy, 0, __ATOMIC_RELEASE);
    return true;
}
