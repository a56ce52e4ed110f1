/* dump.c - panics, fatal errors, SIGQUIT, and the goroutine dump that goes with them, as records.
 *
 * The reporter unwinds the stacks: it gets registers and memory of each. */
#include "runtime/sched/internal.h"

#include "runtime/arch/registers.h"
#include "runtime/inspect/session.h"
#include "runtime/inspect/thread.h"
#include "runtime/inspect/waiting.h"
#include "runtime/os/os.h"
#include "runtime/vocab/finding.h"

#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/syscall.h>
#include <unistd.h>

enum {
    BUFFER = 60 * 1024,
    CHUNK = 32 * 1024,
    ROOM_FOR_ACTOR = 4096,
    INNER = 64 * 1024,          /* of a stack, what is told: its innermost part ... */
    OUTER = 8 * 1024,           /* ... and where it begins */
    SHARES = 256
};
#define THREADS ((uint64_t)1 << 40)   /* ids of threads in a dump begin there: those of goroutines are their numbers */
#define MEMORY_AT_MOST ((size_t)256 << 20)

static char bytes[BUFFER];      /* between gr__session_begin and gr__session_end, as is what follows */
static char chunk[CHUNK];
static gr__record_buffer buffer;
static size_t memory_left;
static uint64_t serial = (uint64_t)1 << 32; /* a: above those of the detector */

/* Neither they nor a copy of a stack keep the program's objects: who looks for what can be reached finds them here. */
static void flush(void) {
    gr__session_put(buffer.bytes, buffer.length);
    gr__zero(buffer.bytes, buffer.length);
    buffer.length = 0;
    buffer.full = false;
}

static void need_room(size_t n) {
    if (buffer.capacity - buffer.length < n) flush();
}

/* --- the stack of a goroutine --- */

typedef struct stack {
    gr__registers registers;
    uintptr_t inside;           /* what lies further in is left out */
    uintptr_t low, high;        /* in use */
    bool known, steady;
    bool exact;                 /* the first place is no return address */
    size_t in_chunk;            /* bytes of it, from low */
    gr__walk walk;
} stack;

/* Where a goroutine that has not begun will. */
static bool not_begun(const gr__g *g, const gr__registers *r) {
    return r->pc == (uintptr_t)gr__stack_entry && g->fn;
}

/* Who has run off the end stands where there is nothing. */
static uintptr_t first_readable(uintptr_t low, uintptr_t high) {
    char byte;
    while (low < high && !gr__read(&byte, low, 1)) low = (low / GR__PAGE + 1) * GR__PAGE;
    return low < high ? low : high;
}

static void look(gr__g *g, stack *s) {
    const gr__g_head *h = &g->head;
    s->walk.count = s->walk.walked = 0;
    s->steady = s->exact = s->registers.pc != 0 || gr__halted_of(g);
    s->known = s->registers.pc ? gr__g_stands_on(g, &s->registers) : gr__g_registers(g, &s->registers);
    if (!s->known) {
        if (s->inside) s->walk.pcs[s->walk.count++] = s->inside;
        return;
    }
    if (not_begun(g, &s->registers)) {
        s->known = false;
        s->exact = true;
        s->walk.pcs[s->walk.count++] = (uintptr_t)g->fn;
        return;
    }
    uintptr_t sp = s->registers.value[GR__REGISTER_SP];
    s->low = first_readable(sp > h->stack_low ? sp : h->stack_low, h->stack_high);
    s->high = h->stack_high;
    s->in_chunk = s->high - s->low < CHUNK ? s->high - s->low : CHUNK;
    s->in_chunk = gr__read(chunk, s->low, s->in_chunk);
    if (s->steady)
        gr__walk_frames(&s->walk, &s->registers, s->inside, s->low, (const char *)s->low, s->high - s->low);
    else
        gr__walk_frames(&s->walk, &s->registers, s->inside, s->low, chunk, s->in_chunk);
}

static void put_memory(uintptr_t at, size_t n) {
    gr__rec_memory r = {at, {chunk, (uint32_t)n}};
    need_room(n + 64);
    gr__put_memory(&buffer, &r);
    memory_left -= n < memory_left ? n : memory_left;
}

static void put_memory_between(uintptr_t low, uintptr_t high) {
    while (low < high) {
        size_t n = gr__read(chunk, low, high - low < CHUNK ? high - low : CHUNK);
        if (!n) return;
        put_memory(low, n);
        low += n;
    }
}

/* The more has been told, the less is told of each. */
static void put_stack(const stack *s) {
    if (!s->known) return;
    uint64_t values[GR__REGISTERS];
    uint32_t n = 0;
    for (unsigned i = 0; i < GR__REGISTERS; i++)
        if (s->registers.known >> i & 1) values[n++] = s->registers.value[i];
    gr__rec_registers r = {.machine = GR__MACHINE, .pc = s->registers.pc, .known = s->registers.known,
        .high = s->high, .inside = s->inside, .walked = s->walk.walked, .values = {values, n}};
    need_room(sizeof values + 128);
    gr__put_registers(&buffer, &r);
    size_t share = memory_left / SHARES < INNER ? memory_left / SHARES : INNER;
    size_t inner = s->high - s->low < share ? s->high - s->low : share;
    size_t first = s->in_chunk < inner ? s->in_chunk : inner;
    put_memory(s->low, first);
    put_memory_between(s->low + first, s->low + inner);
    if (s->high - s->low <= inner || share < OUTER) return;
    put_memory_between(s->high - s->low - inner < OUTER ? s->low + inner : s->high - OUTER, s->high);
}

/* The first program counter of a stack is the exact place, and these are return addresses. */
static gr__stack_pcs exact(uint64_t *pcs, size_t count) {
    if (count) pcs[0]--;
    return (gr__stack_pcs){pcs, (uint32_t)count};
}

/* --- threads that stand in calls of pthreads, a goroutine's or nobody's: what the detector knows of them --- */

static gr__stack_pcs view_stack(const uint64_t *pcs, size_t count) { return (gr__stack_pcs){pcs, (uint32_t)count}; }

static gr__rec_actor actor_of_view(const gr__thread_view *v) {
    uint64_t now = gr__os_now();
    return (gr__rec_actor){.actor = THREADS + v->number, .kind = GR__RECORD_THREAD, .number = v->number,
        .name = gr__string_of(v->name), .state = GR__STATE_WAITING, .wait = v->wait,
        .wait_ns = now > v->since_ns ? now - v->since_ns : 0,
        .created_at = view_stack(v->created, v->created_count), .stack = view_stack(v->stack, v->stack_count)};
}

static void put_view(const gr__rec_actor *r, const gr__thread_view *v) {
    need_room(ROOM_FOR_ACTOR);
    gr__put_actor(&buffer, r);
    gr__rec_wait_object o = {.object = (uintptr_t)v->object, .kind = v->wait, .state = GR__CHANNEL_OPEN};
    if (v->object) gr__put_wait_object(&buffer, &o);
}

static void put_thread(const gr__thread_view *v, void *argument) {
    (void)argument;
    gr__rec_actor r = actor_of_view(v);
    put_view(&r, v);
}

typedef struct standing { const gr__g *g; bool put; } standing;

static void put_standing(const gr__thread_view *v, void *argument) {
    standing *s = argument;
    if (s->put) return;
    s->put = true;
    gr__rec_actor r = actor_of_view(v);
    r.actor = r.number = s->g->head.goid;
    r.kind = GR__RECORD_GOROUTINE;
    r.name = gr__string_of(s->g->head.name);
    r.creator = s->g->head.creator;
    put_view(&r, v);
}

/* inside: the place in the user's code; 0: where it waits, if it does. */
static void put_actor(gr__g *g, uintptr_t inside) {
    const gr__g_head *h = &g->head;
    standing there = {g, false};
    if (GR__LOAD(&h->state) == GR__STATE_RUNNING && !inside) gr__hook_standing(g, put_standing, &there);
    if (there.put) return;
    stack s = {.inside = inside};
    uint64_t created = h->created_pc;
    uint32_t state = GR__LOAD(&h->state);
    bool waiting = state == GR__STATE_WAITING;
    uint64_t now = gr__os_now();
    if (waiting && h->wait != GR__WAIT_NONE) s.inside = h->wait_pc;
    if (g == gr__g_self() && !gr__halted_of(g)) gr__registers_here(&s.registers);
    look(g, &s);
    gr__rec_actor r = {.actor = h->goid, .kind = GR__RECORD_GOROUTINE, .number = h->goid,
        .name = gr__string_of(h->name), .state = state, .wait = waiting ? h->wait : 0,
        .wait_ns = waiting && now > h->wait_since_ns ? now - h->wait_since_ns : 0,
        .creator = h->creator, .created_at = exact(&created, created != 0)};
    if (s.exact && !s.inside) r.stack = (gr__stack_pcs){s.walk.pcs, (uint32_t)s.walk.count};
    else r.stack = exact(s.walk.pcs, s.walk.count);
    need_room(ROOM_FOR_ACTOR);
    gr__put_actor(&buffer, &r);
    if (waiting) gr__put_waiting(&buffer, h, flush);
    put_stack(&s);
}

/* --- which goroutines --- */

/* $GOTRACEBACK, as in Go; only there is `all` the default for panics too. */
enum traceback { NONE, SINGLE, ALL, CRASH };

static enum traceback traceback(void) {
    const char *word = getenv("GOTRACEBACK");
    if (!word) return ALL;
    if (strcmp(word, "none") == 0 || strcmp(word, "0") == 0) return NONE;
    if (strcmp(word, "single") == 0) return SINGLE;
    return strcmp(word, "crash") == 0 ? CRASH : ALL;
}

enum { PAST_FRAMES = 64 };

/* The thing may be gone by now, and what is known of it with it. */
static void put_past(const gr__past *p) {
    uint64_t pcs[PAST_FRAMES];
    if (!p || !p->deed.pc) return;
    size_t n = gr__hook_deed_stack(&p->deed, pcs, PAST_FRAMES);
    if (!n) pcs[n++] = p->deed.pc - 1;
    gr__rec_past r = {.kind = p->kind, .number = p->deed.goid, .count = p->count, .wait = p->wait,
        .stack = {pcs, (uint32_t)(n < PAST_FRAMES ? n : PAST_FRAMES)}};
    need_room(sizeof pcs + 128);
    gr__put_past(&buffer, &r);
}

static void put_other(gr__g *g, void *first) {
    if (g != first) put_actor(g, 0);
}

static void put_actors(gr__g *first, const gr__past *past, bool others) {
    if (first) put_actor(first, 0);
    put_past(past);
    if (!others && first) return;
    gr__g_each(put_other, first);
    gr__hook_standing(NULL, put_thread, NULL);
}

/* What the user has printed comes first, if nobody is about to print just now. */
static void flush_stdout(void) {
    if (ftrylockfile(stdout)) return;
    fflush_unlocked(stdout);
    funlockfile(stdout);
}

static void begin(unsigned finding, const char *words) {
    gr__session_init();
    gr__session_begin();
    buffer = (gr__record_buffer){bytes, 0, sizeof bytes, false};
    memory_left = MEMORY_AT_MOST;
    gr__rec_finding f = {finding, GR__ADD(&serial, 1), gr__string_of(words)};
    gr__put_finding(&buffer, &f);
}

static void end(void) {
    gr__rec_finding_end e = {GR__LOAD(&serial)};
    need_room(64);
    gr__put_finding_end(&buffer, &e);
    flush();
    gr__zero(chunk, sizeof chunk);
    gr__session_end();
}

static int process(void) { return (int)syscall(SYS_getpid); }

static _Noreturn void wait_for_the_end(void) {
    for (uint32_t never = 0;;) gr__os_wait(&never, 0, 0);
}

/* The program comes to its end while another goroutine panics: it ends as that one says. */
__attribute__((destructor)) static void let_panic_end(void) {
    if (GR__LOAD(&gr__s.dying) == process()) wait_for_the_end();
}

/* What is printed is the last thing that happens. */
static _Noreturn void dump(unsigned finding, const char *words, const char *note, const gr__past *past,
                           gr__g *first) {
    int nobody = 0;
    if (!GR__CAS(&gr__s.dying, &nobody, process())) wait_for_the_end();
    gr__hook_own_begin();
    flush_stdout();
    begin(finding, words);
    gr__waiting_halted = finding != GR__FINDING_ALL_ASLEEP;
    gr__halt();
    gr__rec_note n = {gr__string_of(note)};
    if (note) gr__put_note(&buffer, &n);
    enum traceback how = traceback();
    if (how != NONE) put_actors(first, past, how != SINGLE || note);
    end();
    gr__session_close();
    if (how == CRASH) gr__os_abort();
    gr__os_exit(2);
}

void gr__dump(unsigned finding, const char *words) { dump(finding, words, NULL, NULL, gr__g_self()); }

static _Noreturn void dump_after(unsigned finding, const char *words, unsigned kind, const gr__deed *deed) {
    gr__past past = {.kind = kind};
    if (gr__read(&past.deed, (uintptr_t)deed, sizeof *deed) != sizeof *deed) past.deed.pc = 0;
    dump(finding, words, NULL, &past, gr__g_self());
}

void gr__dump_all_and_exit(void) {
    const gr__quit *quit = gr__quit_asked();
    char where[96];
    snprintf(where, sizeof where, "PC=%#llx m=%d sigcode=%d", (unsigned long long)quit->pc, quit->tid,
             quit->code);
    bool runs = quit->g && GR__LOAD(&quit->g->head.state) == GR__STATE_RUNNING;
    dump(GR__FINDING_DUMP, "SIGQUIT: quit", where, NULL, runs ? quit->g : NULL);
}

static void put_channel(const void *channel) {
    gr__channel_view view;
    gr__channel_look(channel, &view);
    uint64_t made = view.made_pc;
    gr__rec_location l = {.kind = GR__LOCATION_CHANNEL, .address = (uintptr_t)channel,
        .low = (uintptr_t)channel, .allocated_at = exact(&made, made != 0)};
    need_room(256);
    gr__put_location(&buffer, &l);
}

void gr__report_misuse(unsigned finding, const void *channel, uintptr_t pc, const gr__past *past,
                       const char *note) {
    struct gr__g *self = gr__self();
    gr__rec_note n = {gr__string_of(note)};
    gr__hook_own_begin();
    begin(finding, "");
    put_actor(self, pc);
    if (note) gr__put_note(&buffer, &n);
    put_past(past);
    if (channel) put_channel(channel);
    end();
    gr__hook_own_end();
}

void gr__panic(const char *words) {
    gr__dump(GR__FINDING_PANIC, words);
}

void gr__fatal(const char *words) {
    gr__dump(GR__FINDING_FATAL, words);
}

void gr__panic_after(const char *words, unsigned past, const gr__deed *deed) {
    dump_after(GR__FINDING_PANIC, words, past, deed);
}

void gr__fatal_after(const char *words, unsigned past, const gr__deed *deed) {
    dump_after(GR__FINDING_FATAL, words, past, deed);
}

void gr__fatal_with(const char *words, const gr__past *past) {
    dump(GR__FINDING_FATAL, words, NULL, past, gr__g_self());
}

void gr_panic(const char *format, ...) {
    char words[1024];
    va_list arguments;
    va_start(arguments, format);
    vsnprintf(words, sizeof words, format, arguments);
    va_end(arguments);
    gr__self();
    gr__panic(words);
}
