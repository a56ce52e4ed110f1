/* goroutines_gather.c - copies what is to be known of a program's goroutines and threads, as fast as may be:
 * the program may stand still meanwhile. Where things lie says the program (runtime/inspect/anatomy.h).
 * Stacks of very many goroutines are left for later: those that are parked stay as they are. */
#include "cli/goroutines.h"

#include "runtime/base/base.h"
#include "runtime/chan/chan.h"
#include "runtime/vocab/wait.h"

#include <linux/futex.h>
#include <stdlib.h>
#include <string.h>
#include <sys/syscall.h>
#include <time.h>

enum {
    BATCH = 512,
    CHUNK = 1 << 20,
    MOST_G_SIZE = 1 << 16,
    MOST_USED = 1 << 16,
    MOST_CASES = 1 << 16,
    INNER = 64 * 1024,          /* of a thread's stack, what is copied: its innermost part ... */
    OUTER = 64 * 1024           /* ... and where it begins */
};
#define MOST_GOROUTINES ((size_t)1 << 26)
#define STACKS_AT_ONCE ((size_t)64 << 20)
#define STACKS_NS UINT64_C(5000000)

static uint64_t clock_ns(void) {
    struct timespec t;
    clock_gettime(CLOCK_MONOTONIC, &t);
    return (uint64_t)t.tv_sec * 1000000000u + (uint64_t)t.tv_nsec;
}

static void *grown(void *array, size_t count, size_t size) {
    if (count & (count - 1)) return array;
    void *bigger = realloc(array, (count ? 2 * count : 1) * size);
    if (!bigger) abort();
    return bigger;
}

/* Memory that stays until the end. */
static char *room_for(size_t n) {
    static char *chunk;
    static size_t left;
    if (n > left || !chunk) {
        left = n > CHUNK ? n : CHUNK;
        chunk = malloc(left);
        if (!chunk) abort();
    }
    char *at = chunk;
    chunk += n;
    left -= n;
    return at;
}

/* --- fields --- */

static uint64_t word(const gr__anatomy *a, const char *bytes, enum gr__anatomy_part part) {
    uint64_t v;
    memcpy(&v, bytes + a->at[part], sizeof v);
    return v;
}
static uint32_t half(const gr__anatomy *a, const char *bytes, enum gr__anatomy_part part) {
    uint32_t v;
    memcpy(&v, bytes + a->at[part], sizeof v);
    return v;
}

/* The offsets are the program's word: they must lie within what is read. */
static bool sound(const gr__anatomy *a) {
    uint32_t size = a->at[GR__AT_g_size];
    if (size < 64 || size > MOST_G_SIZE || a->at[GR__AT_slab_gs] > MOST_G_SIZE || a->at[GR__AT_case_size] > 1024 ||
        a->at[GR__AT_channel_size] > 4096)
        return false;
    for (unsigned i = GR__AT_g_state; i <= GR__AT_g_fn; i++)
        if (a->at[i] > size || a->at[i] + (i == GR__AT_g_name ? GR__NAME_SIZE : 8) > size) return false;
    if (a->at[GR__AT_g_detector] > size - 8) return false;
    uint32_t slab = a->at[GR__AT_slab_gs], one_case = a->at[GR__AT_case_size], channel = a->at[GR__AT_channel_size];
    if (slab < 16 || one_case < 16 || channel < 16) return false;
    for (unsigned i = GR__AT_channel_state; i <= GR__AT_channel_made_pc; i++)
        if (a->at[i] > channel - 8) return false;
    return a->at[GR__AT_slab_next] <= slab - 8 && a->at[GR__AT_slab_used] <= slab - 8 &&
           a->at[GR__AT_case_channel] <= one_case - 8 && a->at[GR__AT_case_direction] <= one_case - 8;
}

/* --- goroutines --- */

static size_t add_name(goroutines *gs, const char *name) {
    size_t n = strnlen(name, GR__NAME_SIZE - 1);
    if (!n) return 0;
    if (!gs->names_length) gs->names_length = 1;
    gs->names = realloc(gs->names, gs->names_length + n + 1);
    if (!gs->names) abort();
    memcpy(gs->names + gs->names_length, name, n);
    gs->names[gs->names_length + n] = 0;
    gs->names_length += n + 1;
    return gs->names_length - n - 1;
}

static void make_room(goroutines *gs, size_t room) {
    gs->all = realloc(gs->all, room * sizeof *gs->all);
    if (!gs->all) abort();
    gs->room = room;
}

static void take(goroutines *gs, uint64_t at, const char *bytes) {
    const gr__anatomy *a = gs->anatomy;
    uint32_t state = half(a, bytes, GR__AT_g_state);
    if (state < GR__STATE_RUNNING || state > GR__STATE_WAITING) return;
    if (gs->count == gs->room) make_room(gs, 2 * gs->room + 1024);
    goroutines_one *g = &gs->all[gs->count++];
    *g = (goroutines_one){.at = at, .state = state, .wait = half(a, bytes, GR__AT_g_wait),
        .goid = word(a, bytes, GR__AT_g_goid), .creator = word(a, bytes, GR__AT_g_creator),
        .created_pc = word(a, bytes, GR__AT_g_created_pc), .fn = word(a, bytes, GR__AT_g_fn),
        .sp = word(a, bytes, GR__AT_g_sp), .stack_low = word(a, bytes, GR__AT_g_stack_low),
        .stack_high = word(a, bytes, GR__AT_g_stack_high), .foreign = bytes[a->at[GR__AT_g_foreign]],
        .wait_object = word(a, bytes, GR__AT_g_wait_object), .wait_pc = word(a, bytes, GR__AT_g_wait_pc),
        .wait_since = word(a, bytes, GR__AT_g_wait_since), .detector = word(a, bytes, GR__AT_g_detector),
        .cases_at = word(a, bytes, GR__AT_g_cases),
        .name = add_name(gs, bytes + a->at[GR__AT_g_name])};
    bool selects = g->wait == GR__WAIT_SELECT || g->wait == GR__WAIT_SELECT_NIL;
    if (state == GR__STATE_WAITING && g->wait == GR__WAIT_SELECT && half(a, bytes, GR__AT_g_select_done))
        g->state = GR__STATE_RUNNABLE; /* one of its cases was chosen already */
    int32_t cases = (int32_t)half(a, bytes, GR__AT_g_case_count);
    if (g->state != GR__STATE_WAITING) return;
    if (selects && cases > 0 && cases <= MOST_CASES) g->case_count = (uint32_t)cases;
    if (selects) g->wait_object = 0;
}

static void gather_all(goroutines *gs) {
    const gr__anatomy *a = gs->anatomy;
    uint32_t size = a->at[GR__AT_g_size], head = a->at[GR__AT_slab_gs];
    uint64_t slab;
    char *bytes = malloc(head), *some = NULL;
    size_t room = 0;
    if (!bytes) abort();
    gs->damaged = !sound(a) || !image_read_all(gs->image, a->slabs, &slab, sizeof slab);
    while (!gs->damaged && slab && gs->count < MOST_GOROUTINES) {
        gs->damaged = !image_read_all(gs->image, slab, bytes, head);
        if (gs->damaged) break;
        uint32_t used = half(a, bytes, GR__AT_slab_used);
        gs->damaged = used > MOST_USED;
        if (gs->damaged) break;
        if ((size_t)used * size > room) some = realloc(some, room = (size_t)used * size);
        if (room && !some) abort();
        size_t got = image_read(gs->image, slab + head, some, (size_t)used * size);
        for (size_t i = 0; (i + 1) * size <= got; i++) take(gs, slab + head + i * size, some + i * size);
        gs->damaged = got < (size_t)used * size;
        slab = word(a, bytes, GR__AT_slab_next);
    }
    free(bytes);
    free(some);
}

/* The kernel gives memory when it is touched: that takes longer than to copy what comes into it. */
void goroutines_prepare(goroutines *gs) {
    const gr__anatomy *a = gs->anatomy;
    uint64_t slab;
    uint32_t used;
    size_t n = 0;
    bool more = sound(a) && image_read_all(gs->image, a->slabs, &slab, sizeof slab);
    while (more && slab && n < MOST_GOROUTINES) {
        more = image_read_all(gs->image, slab + a->at[GR__AT_slab_used], &used, sizeof used) && used <= MOST_USED &&
               image_read_all(gs->image, slab + a->at[GR__AT_slab_next], &slab, sizeof slab);
        n += more ? used : 0;
    }
    make_room(gs, n + n / 16 + 1024);
    memset(gs->all, 0, gs->room * sizeof *gs->all);
    memset(room_for(0), 0, CHUNK);
}

/* --- selects and channels --- */

static goroutines_channel *slot_of(const goroutines *gs, uint64_t address) {
    size_t at = (size_t)(address * UINT64_C(0x9e3779b97f4a7c15) >> 24) & (gs->channel_room - 1);
    while (gs->channels[at].address && gs->channels[at].address != address) at = (at + 1) & (gs->channel_room - 1);
    return &gs->channels[at];
}

const goroutines_channel *goroutines_channel_at(const goroutines *gs, uint64_t address) {
    const goroutines_channel *c = gs->channel_room && address ? slot_of(gs, address) : NULL;
    return c && c->address ? c : NULL;
}

static void add_channel(goroutines *gs, uint64_t address) {
    if (!address) return;
    if (2 * (gs->channel_count + 1) > gs->channel_room) {
        goroutines bigger = *gs;
        bigger.channel_room = gs->channel_room ? 2 * gs->channel_room : 256;
        bigger.channels = calloc(bigger.channel_room, sizeof *bigger.channels);
        if (!bigger.channels) abort();
        for (size_t i = 0; i < gs->channel_room; i++)
            if (gs->channels[i].address) *slot_of(&bigger, gs->channels[i].address) = gs->channels[i];
        free(gs->channels);
        *gs = bigger;
    }
    goroutines_channel *c = slot_of(gs, address);
    gs->channel_count += !c->address;
    c->address = address;
}

static void gather_cases(goroutines *gs) {
    const gr__anatomy *a = gs->anatomy;
    size_t size = a->at[GR__AT_case_size];
    for (size_t i = 0; i < gs->count; i++) {
        goroutines_one *g = &gs->all[i];
        g->first_case = gs->case_count;
        if (!g->case_count) continue;
        char *bytes = malloc(g->case_count * size);
        if (!bytes) abort();
        size_t there = image_read(gs->image, g->cases_at, bytes, g->case_count * size) / size;
        if (there < g->case_count) g->case_count = (uint32_t)there;
        for (size_t n = 0; n < g->case_count; n++) {
            gs->cases = grown(gs->cases, gs->case_count, sizeof *gs->cases);
            gs->cases[gs->case_count++] = (goroutines_case){half(a, bytes + n * size, GR__AT_case_direction) != 0,
                                                            word(a, bytes + n * size, GR__AT_case_channel)};
        }
        free(bytes);
    }
}

static bool waits_for_channel(const goroutines_one *g) {
    return g->state == GR__STATE_WAITING && (g->wait == GR__WAIT_CHAN_RECEIVE || g->wait == GR__WAIT_CHAN_SEND);
}

static void gather_channels(goroutines *gs) {
    const gr__anatomy *a = gs->anatomy;
    size_t size = a->at[GR__AT_channel_size], n = 0;
    for (size_t i = 0; i < gs->count; i++)
        if (waits_for_channel(&gs->all[i])) add_channel(gs, gs->all[i].wait_object);
    for (size_t i = 0; i < gs->case_count; i++) add_channel(gs, gs->cases[i].channel);
    char *bytes = malloc(gs->channel_count * size + 1);
    image_piece *pieces = calloc(gs->channel_count + 1, sizeof *pieces);
    goroutines_channel **which = calloc(gs->channel_count + 1, sizeof *which);
    if (!bytes || !pieces || !which) abort();
    for (size_t i = 0; i < gs->channel_room; i++) {
        if (!gs->channels[i].address) continue;
        which[n] = &gs->channels[i];
        pieces[n] = (image_piece){gs->channels[i].address, bytes + n * size, size, false};
        n++;
    }
    image_read_pieces(gs->image, pieces, n);
    for (size_t i = 0; i < n; i++) {
        if (!pieces[i].done) continue;
        const char *c = pieces[i].to;
        which[i]->length = word(a, c, GR__AT_channel_length);
        which[i]->capacity = word(a, c, GR__AT_channel_capacity);
        which[i]->made_pc = word(a, c, GR__AT_channel_made_pc);
        which[i]->closed = half(a, c, GR__AT_channel_state) == GR__CHAN_CLOSED;
    }
    free(bytes);
    free(pieces);
    free(which);
}

/* --- stacks --- */

static bool has_copyable_stack(const goroutines_one *g) {
    return g->sp >= g->stack_low && g->sp < g->stack_high && g->stack_high - g->sp <= INNER;
}

/* Those in that state, until the time is up. Who has stood here longest is likeliest to stand here later. */
static void gather_stacks(goroutines *gs, uint32_t state, uint64_t until) {
    image_piece pieces[BATCH];
    goroutines_one *which[BATCH];
    for (size_t at = gs->count; at && gs->stack_bytes < STACKS_AT_ONCE && clock_ns() < until;) {
        size_t n = 0;
        for (; at && n < BATCH; at--) {
            goroutines_one *g = &gs->all[at - 1];
            if (g->state != state || !has_copyable_stack(g)) continue;
            g->stack = (goroutines_bytes){g->sp, g->stack_high - g->sp, room_for(g->stack_high - g->sp)};
            pieces[n] = (image_piece){g->sp, g->stack.at, g->stack.length, false};
            which[n++] = g;
            gs->stack_bytes += g->stack.length;
        }
        image_read_pieces(gs->image, pieces, n);
        for (size_t i = 0; i < n; i++)
            if (!pieces[i].done) which[i]->stack = (goroutines_bytes){0};
    }
}

static goroutines_bytes copy(goroutines *gs, uint64_t low, uint64_t high) {
    static char bytes[INNER > OUTER ? INNER : OUTER];
    goroutines_bytes b = {low, 0, NULL};
    b.length = image_read(gs->image, low, bytes, high - low < sizeof bytes ? high - low : sizeof bytes);
    if (!b.length) return b;
    b.at = room_for(b.length);
    memcpy(b.at, bytes, b.length);
    return b;
}

/* It has not run anything yet: its stack pointer is where its stack begins, right below what libc keeps of it. */
static bool is_newborn(const image_thread *t) {
    return (t->call == SYS_clone || t->call == SYS_clone3) &&
           t->pointer - t->registers.value[GR__REGISTER_SP] < GR__PAGE;
}

/* Which thread the detector's reports know it as. */
static uint64_t number_of(goroutines *gs, const image_thread *t, goroutines_thread *out) {
    const gr__anatomy *a = gs->anatomy;
    uint64_t actor, id, kind, number;
    bool known = a->tls_actor && t->pointer &&
                 image_read_all(gs->image, t->pointer + (uint64_t)a->tls_actor, &actor, sizeof actor) && actor &&
                 image_read_all(gs->image, actor + a->actor_id, &id, sizeof id) && id &&
                 image_read_all(gs->image, actor + a->actor_kind, &kind, sizeof kind) && kind == GR__RECORD_THREAD &&
                 image_read_all(gs->image, actor + a->actor_number, &number, sizeof number);
    if (known) out->actor = id;
    return known ? number + 1 : 0;
}

static void gather_thread(goroutines *gs, const image_thread *t, goroutines_thread *out) {
    const gr__anatomy *a = gs->anatomy;
    image *im = gs->image;
    if (t->pointer && a->tls_g) {
        image_read_all(im, t->pointer + (uint64_t)a->tls_g, &out->g, sizeof out->g);
        image_read_all(im, t->pointer + (uint64_t)a->tls_m, &out->m, sizeof out->m);
        out->ours = (out->m && !out->g) || is_newborn(t);
    }
    for (unsigned i = 0; i < GR__ANATOMY_HELPERS; i++) out->ours |= t->pointer && t->pointer == a->helpers[i];
    if (out->ours || !t->stands) return;
    out->number = number_of(gs, t, out);
    uint64_t sp = t->registers.value[GR__REGISTER_SP], bounds[2] = {0, UINT64_MAX};
    if (out->g) {
        image_read_all(im, out->g + a->at[GR__AT_g_stack_low], &bounds[0], sizeof bounds[0]);
        image_read_all(im, out->g + a->at[GR__AT_g_stack_high], &bounds[1], sizeof bounds[1]);
    }
    bool inside = sp >= bounds[0] && sp < bounds[1];
    out->inner = copy(gs, sp, inside ? bounds[1] : UINT64_MAX);
    /* A handler may run on a stack of its own; and of a deep one the beginning is wanted too. */
    if (out->g && bounds[1] - bounds[0] < UINT32_MAX && (!inside || bounds[1] - sp > INNER)) {
        uint64_t low = bounds[1] - OUTER < bounds[0] ? bounds[0] : bounds[1] - OUTER;
        if (inside && low < sp + INNER) low = sp + INNER;
        out->outer = copy(gs, low, bounds[1]);
    }
    if (t->call != SYS_futex) return;
    out->object = t->argument;
    image_read_all(im, t->argument, out->words, sizeof out->words);
}

void goroutines_gather(goroutines *gs) {
    image_anatomy_again(gs->image);
    gather_all(gs);
    gather_cases(gs);
    gather_channels(gs);
    gs->threads = calloc(gs->image->thread_count + 1, sizeof *gs->threads);
    if (!gs->threads) abort();
    for (size_t i = 0; i < gs->image->thread_count; i++) gather_thread(gs, &gs->image->threads[i], &gs->threads[i]);
    goroutines_gather_locks(gs);
    /* Of a core all can be read later. */
    uint64_t until = gs->image->live ? clock_ns() + STACKS_NS : 0;
    gather_stacks(gs, GR__STATE_RUNNABLE, until);
    gather_stacks(gs, GR__STATE_WAITING, until);
    if (gs->image->now_ns) return;
    uint64_t now = 0; /* of a core: when the monitor last looked at its clock, or somebody parked */
    image_read_all(gs->image, gs->anatomy->clock, &now, sizeof now);
    for (size_t i = 0; i < gs->count; i++)
        if (gs->all[i].state == GR__STATE_WAITING && gs->all[i].wait_since > now) now = gs->all[i].wait_since;
    gs->image->now_ns = now;
}

/* --- afterwards --- */

static int by_goid(const void *a, const void *b) {
    const goroutines_one *x = a, *y = b;
    return x->goid < y->goid ? -1 : x->goid > y->goid;
}

static int by_stack(const void *a, const void *b) {
    const goroutines_one *x = *(goroutines_one *const *)a, *y = *(goroutines_one *const *)b;
    return x->stack_low < y->stack_low ? -1 : x->stack_low > y->stack_low;
}

static int against_stack(const void *key, const void *element) {
    uint64_t sp = *(const uint64_t *)key;
    const goroutines_one *g = *(goroutines_one *const *)element;
    return sp < g->stack_low ? -1 : sp >= g->stack_high;
}

/* Who runs on a thread that does not say so: that whose stack it is on. */
static void match(goroutines *gs, goroutines_one **sorted) {
    for (size_t i = 0; i < gs->image->thread_count; i++) {
        const image_thread *t = &gs->image->threads[i];
        const uint64_t sp = t->registers.value[GR__REGISTER_SP];
        goroutines_one **found =
            t->stands ? bsearch(&sp, sorted, gs->count, sizeof *sorted, against_stack) : NULL;
        if (!found || (gs->threads[i].g && gs->threads[i].g != (*found)->at)) continue;
        if (!(*found)->foreign && (*found)->state == GR__STATE_WAITING && (*found)->sp) continue;
        (*found)->thread = i + 1;
        gs->threads[i].g = (*found)->at;
    }
}

static int by_place(const void *a, const void *b) {
    const goroutines_one *x = *(goroutines_one *const *)a, *y = *(goroutines_one *const *)b;
    return x->at < y->at ? -1 : x->at > y->at;
}

static int against_place(const void *key, const void *element) {
    uint64_t at = *(const uint64_t *)key;
    const goroutines_one *g = *(goroutines_one *const *)element;
    return at < g->at ? -1 : at > g->at;
}

void goroutines_settle(goroutines *gs) {
    qsort(gs->all, gs->count, sizeof *gs->all, by_goid);
    goroutines_one **sorted = calloc(gs->count + 1, sizeof *sorted);
    if (!sorted) abort();
    for (size_t i = 0; i < gs->count; i++) sorted[i] = &gs->all[i];
    qsort(sorted, gs->count, sizeof *sorted, by_place);
    for (size_t i = 0; i < gs->image->thread_count; i++) {
        goroutines_one **found = bsearch(&gs->threads[i].g, sorted, gs->count, sizeof *sorted, against_place);
        if (found) (*found)->thread = i + 1;
    }
    qsort(sorted, gs->count, sizeof *sorted, by_stack);
    match(gs, sorted);
    free(sorted);
    goroutines_settle_locks(gs);
    gs->forked = gs->count && gs->anatomy->process != gs->image->pid_inside;
    if (!gs->forked) return;
    size_t kept = 0;
    for (size_t i = 0; i < gs->count; i++)
        if (gs->all[i].thread) gs->all[kept++] = gs->all[i];
    gs->count = kept;
}

void goroutines_check(const goroutines *gs, size_t from, image_piece *stacks, size_t count) {
    const gr__anatomy *a = gs->anatomy;
    size_t size = a->at[GR__AT_g_size];
    char *bytes = malloc(count * size + 1);
    image_piece *pieces = calloc(count + 1, sizeof *pieces);
    if (!bytes || !pieces) abort();
    for (size_t i = 0; i < count; i++)
        pieces[i] = (image_piece){gs->all[from + i].at, bytes + i * size, size, false};
    image_read_pieces(gs->image, pieces, count);
    for (size_t i = 0; i < count; i++) {
        const goroutines_one *g = &gs->all[from + i];
        const char *now = pieces[i].to;
        stacks[i].done &= pieces[i].done && word(a, now, GR__AT_g_goid) == g->goid &&
                          word(a, now, GR__AT_g_sp) == g->sp && half(a, now, GR__AT_g_state) == g->state &&
                          word(a, now, GR__AT_g_wait_since) == g->wait_since;
    }
    free(bytes);
    free(pieces);
}
