/* unwind.c - see unwind.h.
 *
 * libdwfl unwinds a process whose only thread has the registers and the memory that were told. Where a
 * stack is larger than what was told of it, its outer part is found by trying: a word there is taken for
 * a return address when unwinding from behind it leads to the stack's beginning. */
#include "reports/unwind.h"

#include "reports/shapes.h"

#include <elfutils/libdwfl.h>
#include <string.h>

enum { MOST_READS = 1024, MOST_FRAMES = 1 << 20, SHOWN = 100, HALF = SHOWN / 2, PROCESS = 1 };

typedef struct range {
    uint64_t low, high;
    size_t at;              /* in bytes */
} range;

typedef struct pcs {
    uint64_t *at;
    size_t count, room;
    bool exact;             /* the first is no return address */
    bool complete;          /* it led to where the stack begins */
} pcs;

typedef struct word_read {
    uint64_t address, value;
} word_read;

struct unwinder {
    shapes *shapes;
    word_read reads[MOST_READS]; /* of the last unwinding */
    size_t read_count;
    bool has;
    bool refused;           /* memory was asked for that was not told */
    gr__rec_registers registers;
    uint64_t values[64];    /* by number */
    char *bytes;
    size_t length, room;
    range ranges[64];
    size_t range_count;
    pcs inner, outer;
};

unwinder *unwinder_new(void) {
    unwinder *u = calloc(1, sizeof *u);
    if (!u) abort();
    u->shapes = shapes_new();
    return u;
}

void unwinder_free(unwinder *u) {
    if (!u) return;
    shapes_free(u->shapes);
    free(u->bytes);
    free(u->inner.at);
    free(u->outer.at);
    free(u);
}

void unwinder_forget(unwinder *u) { u->has = false; }

void unwinder_registers(unwinder *u, const gr__rec_registers *record) {
    u->has = true;
    u->registers = *record;
    uint32_t next = 0;
    for (unsigned i = 0; i < 64; i++) {
        if (!(record->known >> i & 1)) continue;
        if (next == record->values.count) u->registers.known &= ~(UINT64_C(1) << i);
        else u->values[i] = gr__stack_pc(record->values, next++);
    }
    u->length = u->range_count = 0;
}

void unwinder_memory(unwinder *u, const gr__rec_memory *record) {
    if (!u->has || u->range_count == sizeof u->ranges / sizeof u->ranges[0]) return;
    size_t n = record->bytes.length;
    if (u->length + n > u->room) {
        u->room = 2 * (u->length + n);
        u->bytes = realloc(u->bytes, u->room);
        if (!u->bytes) abort();
    }
    memcpy(u->bytes + u->length, record->bytes.text, n);
    range *last = u->range_count ? &u->ranges[u->range_count - 1] : NULL;
    if (last && last->high == record->address) last->high += n;
    else u->ranges[u->range_count++] = (range){record->address, record->address + n, u->length};
    u->length += n;
}

/* --- what libdwfl asks --- */

static bool told(const unwinder *u, uint64_t address, uint64_t *word) {
    for (size_t i = 0; i < u->range_count; i++) {
        const range *r = &u->ranges[i];
        if (address < r->low || address >= r->high || r->high - address < 8) continue;
        memcpy(word, u->bytes + r->at + (address - r->low), 8);
        return true;
    }
    return false;
}

static bool read_word(Dwfl *dwfl, Dwarf_Addr address, Dwarf_Word *result, void *argument) {
    (void)dwfl;
    unwinder *u = argument;
    if (!told(u, address, result)) {
        u->refused = true;
        return false;
    }
    if (u->read_count < MOST_READS) u->reads[u->read_count++] = (word_read){address, *result};
    return true;
}

static pid_t next_thread(Dwfl *dwfl, void *argument, void **thread) {
    (void)dwfl;
    if (*thread) return 0;
    *thread = argument;
    return PROCESS;
}

static bool get_thread(Dwfl *dwfl, pid_t tid, void *argument, void **thread) {
    (void)dwfl;
    (void)tid;
    *thread = argument;
    return true;
}

static bool set_registers(Dwfl_Thread *thread, void *argument) {
    const unwinder *u = argument;
    for (unsigned i = 0; i < 64; i++) {
        Dwarf_Word value = u->values[i];
        if (u->registers.known >> i & 1 && !dwfl_thread_state_registers(thread, (int)i, 1, &value))
            return false;
    }
    dwfl_thread_state_register_pc(thread, u->registers.pc);
    return true;
}

static const Dwfl_Thread_Callbacks callbacks = {.next_thread = next_thread, .get_thread = get_thread,
    .memory_read = read_word, .set_initial_registers = set_registers};

/* --- unwinding --- */

static void add(pcs *p, uint64_t pc) {
    if (p->count == p->room) {
        p->room = p->room ? 2 * p->room : 256;
        p->at = realloc(p->at, p->room * sizeof *p->at);
        if (!p->at) abort();
    }
    p->at[p->count++] = pc;
}

static int on_frame(Dwfl_Frame *frame, void *argument) {
    pcs *p = argument;
    Dwarf_Addr pc;
    bool activation;
    if (!dwfl_frame_pc(frame, &pc, &activation) || p->count == MOST_FRAMES) return DWARF_CB_ABORT;
    if (p->count == 0) p->exact = activation;
    add(p, pc);
    return DWARF_CB_OK;
}

static void unwind(unwinder *u, Dwfl *dwfl, pcs *out) {
    out->count = u->read_count = 0;
    if (dwfl_pid(dwfl) < 0 && !dwfl_attach_state(dwfl, NULL, PROCESS, &callbacks, u)) return;
    u->refused = false; /* libdwfl takes that for the end */
    out->complete = dwfl_getthread_frames(dwfl, PROCESS, on_frame, out) == 0 && !u->refused;
}

/* --- what was unwound before --- */

static shape_key key_of(const unwinder *u, unsigned sp) {
    return (shape_key){u->registers.pc, u->registers.inside, u->registers.high - u->values[sp]};
}

/* The return addresses of an earlier stack of this height all stand where they stood in that one. */
static bool known(unwinder *u, unsigned sp, pcs *out) {
    shape_key key = key_of(u, sp);
    for (const shape *s = shapes_of(u->shapes, &key); s; s = s->next) {
        uint64_t word;
        size_t n = 1;
        if (memcmp(&s->key, &key, sizeof key) != 0) continue;
        while (n < s->count && told(u, u->values[sp] + s->offsets[n], &word) && word == s->pcs[n]) n++;
        if (n < s->count) continue;
        out->count = 0;
        for (size_t i = 0; i < s->count; i++) add(out, s->pcs[i]);
        out->exact = out->complete = true;
        return true;
    }
    return false;
}

/* Keep what was unwound, if every return address came out of the stack. */
static void learn(unwinder *u, unsigned sp, const pcs *p) {
    uint32_t offsets[SHOWN] = {0};
    size_t at = 0;
    if (!p->complete || !p->exact || p->count > SHOWN) return;
    for (size_t i = 1; i < p->count; i++) {
        while (at < u->read_count && u->reads[at].value != p->at[i]) at++;
        if (at == u->read_count || u->reads[at].address - u->values[sp] > UINT32_MAX) return;
        offsets[i] = (uint32_t)(u->reads[at++].address - u->values[sp]);
    }
    shape_key key = key_of(u, sp);
    shapes_add(u->shapes, &key, p->at, offsets, p->count);
}

/* Frames further in than the place in the user's code are not for the report. False: it never came. */
static bool cut(pcs *p, uint64_t inside) {
    size_t from = 0;
    if (!inside) return true;
    while (from < p->count && p->at[from] != inside) from++;
    if (from == p->count) return false;
    p->count -= from;
    memmove(p->at, p->at + from, p->count * sizeof *p->at);
    p->exact = false;
    return true;
}

/* The outermost memory, when it was told apart from the innermost. */
static bool find_outer(unwinder *u, Dwfl *dwfl, unsigned sp) {
    if (u->range_count < 2) return false;
    const range *r = &u->ranges[u->range_count - 1];
    gr__rec_registers kept = u->registers;
    bool found = false;
    for (uint64_t at = (r->low + 7) & ~UINT64_C(7); at + 8 <= r->high && !found; at += 8) {
        Dwarf_Word word;
        if (!read_word(dwfl, at, &word, u) || !dwfl_addrmodule(dwfl, word)) continue;
        u->registers.pc = word - 1;
        u->registers.known = UINT64_C(1) << sp;
        u->values[sp] = at + 8;
        unwind(u, dwfl, &u->outer);
        found = u->outer.complete && u->outer.count > 1;
    }
    u->registers = kept;
    return found;
}

/* --- which is better --- */

static report_stack join(report_finding *f, report_stack a, report_stack b) {
    report_stack s = {NULL, 0};
    for (size_t i = 0; i < a.count + b.count; i++)
        *(report_frame *)report_grow(f, (void **)&s.frames, &s.count, sizeof *s.frames) =
            i < a.count ? a.frames[i] : b.frames[i - a.count];
    return s;
}

static report_stack resolve(resolver *r, const uint64_t *at, size_t count, bool exact) {
    return resolver_frames(r, (gr__stack_pcs){at, (uint32_t)count}, exact);
}

static void take(report_actor *a, resolver *r, report_finding *f, const pcs *inner, const uint64_t *outer,
                 size_t outer_count, uint64_t elided) {
    size_t first = inner->count < HALF ? inner->count : HALF;
    report_stack one = resolve(r, inner->at, first, inner->exact);
    report_stack two = resolve(r, outer, outer_count, false);
    a->elided = elided;
    a->elided_at = one.count;
    a->stack = join(f, one, two);
}

/* The outer half of what frame pointers led to belongs to the inner frames when those are the same. */
static bool agrees(const pcs *inner, const uint64_t *walked, size_t count) {
    if (count < SHOWN || inner->count < HALF) return false;
    for (size_t i = 1; i < HALF; i++)
        if (walked[i] != inner->at[i]) return false;
    return true;
}

void unwinder_settle(unwinder *u, resolver *r, report_finding *f, report_actor *a, const uint64_t *walked,
                     size_t count) {
    if (!u->has) return;
    u->has = false;
    Dwfl *dwfl = resolver_dwfl(r);
    pcs *inner = &u->inner;
    unsigned sp = u->registers.machine == EM_AARCH64 ? 31 : 7;
    if (!known(u, sp, inner)) {
        unwind(u, dwfl, inner);
        learn(u, sp, inner);
    }
    if (!cut(inner, u->registers.inside) || inner->count == 0) return;
    if (inner->complete && inner->count <= SHOWN) {
        report_stack s = resolve(r, inner->at, inner->count, inner->exact);
        if (s.count) a->stack = s;
    } else if (inner->complete) {
        take(a, r, f, inner, inner->at + inner->count - HALF, HALF, inner->count - SHOWN);
    } else if (agrees(inner, walked, count)) {
        take(a, r, f, inner, walked + count - HALF, HALF, u->registers.walked - SHOWN);
    } else if (find_outer(u, dwfl, sp)) {
        size_t n = u->outer.count < HALF ? u->outer.count : HALF;
        take(a, r, f, inner, u->outer.at + u->outer.count - n, n, UINT64_MAX);
    } else if (inner->count > count) {
        take(a, r, f, inner, NULL, 0, UINT64_MAX);
    }
}
