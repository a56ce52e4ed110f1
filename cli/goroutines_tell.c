/* goroutines_tell.c - what was gathered, as records: one group with everybody in it, as the dump of a program
 * about itself (runtime/sched/dump.c), so that stacks are unwound and printed by the same means. What was too
 * much to copy while the program stood still is read now, and taken if it still is what it was. */
#include "cli/goroutines.h"

#include "cli/cli.h"
#include "runtime/inspect/record.h"
#include "runtime/vocab/finding.h"
#include "runtime/vocab/wait.h"

#include <stdlib.h>
#include <string.h>
#include <sys/syscall.h>

enum { BATCH = 512, ROOM = 1 << 17, PIECE = 1 << 16, MOST_STACK = 8 << 20 };

static char bytes[ROOM];
static gr__record_buffer buffer = {.bytes = bytes, .capacity = ROOM};

static void flush(reports *r) {
    reports_message(r, buffer.bytes, buffer.length);
    buffer.length = 0;
    buffer.full = false;
}

/* Return addresses, where the exact place is told: the call. */
static gr__stack_pcs call_at(uint64_t *pc) {
    bool any = *pc != 0;
    *pc -= any;
    return (gr__stack_pcs){pc, any};
}

static void tell_modules(const goroutines *gs, reports *r) {
    const image *im = gs->image;
    gr__rec_hello hello = {.version = GR__RECORD_VERSION, .pid = im->pid,
                           .executable = gr__string_of(im->executable)};
    gr__put_hello(&buffer, &hello);
    flush(r);
    for (size_t i = 0; i < im->module_count; i++) {
        const image_module *m = &im->modules[i];
        gr__rec_module module = {.low = m->low, .high = m->high, .bias = m->bias, .path = gr__string_of(m->path),
                                 .build_id = gr__string_of(m->build_id)};
        if (!m->usable) continue;
        gr__put_module(&buffer, &module);
        flush(r);
    }
}

/* --- stacks --- */

static void put_memory(reports *r, uint64_t low, const char *at, size_t n) {
    for (size_t done = 0; done < n;) {
        size_t some = n - done < PIECE ? n - done : PIECE;
        gr__rec_memory m = {low + done, {at + done, (uint32_t)some}};
        gr__put_memory(&buffer, &m);
        flush(r);
        done += some;
    }
}

static void put_registers(reports *r, const gr__registers *from, uint64_t high, uint64_t inside) {
    uint64_t values[GR__REGISTERS];
    uint32_t n = 0;
    for (unsigned i = 0; i < GR__REGISTERS; i++)
        if (from->known >> i & 1) values[n++] = from->value[i];
    gr__rec_registers record = {.machine = GR__MACHINE, .pc = from->pc, .known = from->known, .high = high,
                                .inside = inside, .values = {values, n}};
    gr__put_registers(&buffer, &record);
    flush(r);
}

/* Of the next goroutines, those stacks that were not copied; a few calls of the kernel for hundreds of them. */
typedef struct batch {
    size_t from, to;             /* goroutines */
    image_piece stacks[BATCH];   /* by goroutine; n 0: none */
    char *room;
} batch;

static bool is_left(const goroutines_one *g) {
    return !g->stack.at && !g->thread && !g->foreign && g->sp >= g->stack_low && g->sp < g->stack_high;
}

static void read_batch(const goroutines *gs, batch *b, size_t from) {
    image_piece pieces[BATCH];
    size_t which[BATCH], n = 0, used = 0;
    if (!b->room && !(b->room = malloc(MOST_STACK))) abort();
    b->from = b->to = from;
    for (; b->to < gs->count && b->to - from < BATCH; b->to++) {
        const goroutines_one *g = &gs->all[b->to];
        image_piece *p = &b->stacks[b->to - from];
        *p = (image_piece){0};
        if (!is_left(g)) continue;
        size_t length = g->stack_high - g->sp < MOST_STACK ? g->stack_high - g->sp : MOST_STACK;
        if (used + length > MOST_STACK) break;
        *p = (image_piece){g->sp, b->room + used, length, false};
        used += length;
        pieces[n] = *p;
        which[n++] = b->to - from;
    }
    image_read_pieces(gs->image, pieces, n);
    for (size_t i = 0; i < n; i++) b->stacks[which[i]].done = pieces[i].done;
    if (gs->image->live) goroutines_check(gs, from, b->stacks, b->to - from);
}

/* The stack of one that is parked: copied, or read later. False: it is not there any more. */
static bool stack_of(const goroutines *gs, const goroutines_one *g, goroutines_bytes *out) {
    static batch b;
    size_t index = (size_t)(g - gs->all);
    if (g->stack.at) {
        *out = g->stack;
        return true;
    }
    if (!is_left(g)) return false;
    if (index < b.from || index >= b.to) read_batch(gs, &b, index);
    const image_piece *p = &b.stacks[index - b.from];
    *out = (goroutines_bytes){p->from, p->n, p->to};
    return p->done;
}

static bool saved_registers(const goroutines_bytes *stack, gr__registers *out) {
    uintptr_t saved[GR__SAVED_WORDS];
    if (stack->length < sizeof saved) return false;
    memcpy(saved, stack->at, sizeof saved);
    gr__registers_saved(out, saved);
    gr__register_set(out, GR__REGISTER_SP, stack->low + sizeof saved);
    return true;
}

/* --- actors --- */

static void put_case(const goroutines *gs, const goroutines_case *c, size_t index) {
    const goroutines_channel *channel = goroutines_channel_at(gs, c->channel);
    uint64_t made = channel ? channel->made_pc : 0;
    gr__rec_select_case record = {.index = index, .send = c->send, .channel = c->channel,
        .channel_state = !c->channel ? GR__CHANNEL_NIL
                         : channel && channel->closed ? GR__CHANNEL_CLOSED : GR__CHANNEL_OPEN,
        .length = channel ? channel->length : 0, .capacity = channel ? channel->capacity : 0,
        .made_at = call_at(&made)};
    gr__put_select_case(&buffer, &record);
}

static void put_waiting(const goroutines *gs, reports *r, const goroutines_one *g) {
    for (size_t i = 0; i < g->case_count; i++) {
        put_case(gs, &gs->cases[g->first_case + i], i);
        flush(r);
    }
    if (g->case_count || !g->wait_object) return;
    const goroutines_channel *c = goroutines_channel_at(gs, g->wait_object);
    uint64_t made = c ? c->made_pc : 0;
    gr__rec_wait_object record = {.object = g->wait_object, .kind = g->wait,
        .state = c && c->closed ? GR__CHANNEL_CLOSED : GR__CHANNEL_OPEN, .length = c ? c->length : 0,
        .capacity = c ? c->capacity : 0, .made_at = call_at(&made)};
    gr__put_wait_object(&buffer, &record);
    gr__rec_holder holder = {goroutines_holder_of(gs, g->wait_object)};
    if (holder.actor) gr__put_holder(&buffer, &holder);
    flush(r);
}

/* Calls that only say that it was running: those that end it or that let others run. */
static bool waits_in_call(const image_thread *t) {
    return t->call >= 0 && t->call != SYS_tgkill && t->call != SYS_tkill && t->call != SYS_kill &&
           t->call != SYS_sched_yield && t->call != SYS_rt_sigreturn && t->call != SYS_exit_group;
}

static void put_thread(const goroutines *gs, reports *r, size_t index) {
    const image_thread *t = &gs->image->threads[index];
    const goroutines_thread *g = &gs->threads[index];
    gr__rec_os_thread record = {.tid = (uint64_t)t->tid, .call = waits_in_call(t) ? (uint64_t)t->call + 1 : 0,
                             .object = g->object, .word = g->words[0], .owner = g->words[2]};
    gr__put_os_thread(&buffer, &record);
    flush(r);
}

static void put_thread_stack(const goroutines *gs, reports *r, size_t index, uint64_t high, uint64_t inside) {
    const image_thread *t = &gs->image->threads[index];
    const goroutines_thread *g = &gs->threads[index];
    if (!t->stands || !g->inner.length) return;
    put_registers(r, &t->registers, high ? high : g->inner.low + g->inner.length, inside);
    put_memory(r, g->inner.low, g->inner.at, g->inner.length);
    put_memory(r, g->outer.low, g->outer.at, g->outer.length);
}

static void tell_goroutine(const goroutines *gs, reports *r, const goroutines_one *g) {
    const image *im = gs->image;
    bool waiting = g->state == GR__STATE_WAITING;
    uint64_t created = g->created_pc, place = waiting ? g->wait_pc : 0;
    gr__registers registers;
    goroutines_bytes stack = {0};
    bool saved = !g->thread && !g->foreign && stack_of(gs, g, &stack) && saved_registers(&stack, &registers);
    bool not_begun = saved && g->fn && registers.pc == gs->anatomy->entry;
    uint64_t exact = not_begun ? g->fn : place ? place - 1 : 0;
    gr__rec_actor a = {.actor = g->goid, .kind = GR__RECORD_GOROUTINE, .number = g->goid,
        .name = g->name ? gr__string_of(gs->names + g->name) : gr__string_of(NULL), .state = g->state,
        .wait = waiting ? g->wait : 0,
        .wait_ns = waiting && im->now_ns > g->wait_since ? im->now_ns - g->wait_since : 0, .creator = g->creator,
        .created_at = call_at(&created), .stack = {&exact, exact != 0}};
    gr__put_actor(&buffer, &a);
    flush(r);
    if (waiting) put_waiting(gs, r, g);
    if (g->thread) {
        put_thread(gs, r, g->thread - 1);
        put_thread_stack(gs, r, g->thread - 1, g->stack_high, place);
    } else if (saved && !not_begun) {
        put_registers(r, &registers, g->stack_high, place);
        put_memory(r, stack.low, stack.at, stack.length);
    }
}

/* Unless it bears the name of the program, as all do that were given none. */
static gr__string name_of(const image *im, const image_thread *t) {
    const char *program = strrchr(im->executable, '/');
    program = program ? program + 1 : im->executable;
    bool same = strncmp(program, t->name, sizeof t->name - 1) == 0;
    return gr__string_of(same ? NULL : t->name);
}

static void tell_thread(const goroutines *gs, reports *r, size_t index) {
    const image_thread *t = &gs->image->threads[index];
    gr__rec_actor a = {.actor = GR__ACTOR_THREAD + (uint64_t)t->tid, .kind = GR__RECORD_THREAD,
                       .number = gs->threads[index].number ? gs->threads[index].number - 1 : (uint64_t)t->tid,
                       .name = name_of(gs->image, t), .state = GR__STATE_RUNNING};
    gr__put_actor(&buffer, &a);
    flush(r);
    put_thread(gs, r, index);
    put_thread_stack(gs, r, index, 0, 0);
}

void goroutines_tell(goroutines *gs, reports *r) {
    tell_modules(gs, r);
    gr__rec_finding f = {GR__FINDING_DUMP, 1, gr__string_of("")};
    gr__put_finding(&buffer, &f);
    flush(r);
    for (size_t i = 0; i < gs->count; i++) tell_goroutine(gs, r, &gs->all[i]);
    for (size_t i = 0; i < gs->image->thread_count; i++) {
        /* Of a thread that runs and was not stopped nobody knows whether it is one of the runtime's. */
        bool unknown = gs->image->may_change && !gs->image->threads[i].stands && gs->anatomy->tls_g;
        if (!gs->threads[i].ours && !gs->threads[i].g && !unknown) tell_thread(gs, r, i);
    }
    if (gs->forked)
        cli_complain("this is the child of a fork: it has the goroutine that forked, the others are in its parent");
    if (gs->damaged)
        cli_complain("the list of goroutines can't be read to its end%s: there may be more",
                     gs->image->cut ? ", as the core is cut" : "");
}
