/* dump.c - panics, fatal errors, and the goroutine dump that goes with them, as records. */
#include "runtime/sched/internal.h"

#include "runtime/inspect/session.h"
#include "runtime/inspect/waiting.h"
#include "runtime/os/os.h"
#include "runtime/vocab/finding.h"

#include <stdarg.h>
#include <stdio.h>

enum { STACK_MAX = 64, BUFFER = 60 * 1024, ROOM_FOR_ACTOR = 4096 };

static char bytes[BUFFER];      /* between gr__session_begin and gr__session_end */
static gr__record_buffer buffer;
static uint64_t serial = (uint64_t)1 << 32; /* a: above those of the detector */

static void flush(void) {
    gr__session_put(buffer.bytes, buffer.length);
    buffer.length = 0;
    buffer.full = false;
}

/* The first program counter of a stack is the exact place, and these are return addresses. */
static gr__stack_pcs exact(uint64_t *pcs, size_t count) {
    if (count) pcs[0]--;
    return (gr__stack_pcs){pcs, (uint32_t)count};
}

static void put_actor(struct gr__g *g, void *skip) {
    if (g == skip) return;
    const gr__g_head *h = &g->head;
    uint64_t stack[STACK_MAX], created = h->created_pc;
    uint32_t state = GR__LOAD(&h->state);
    bool waiting = state == GR__STATE_WAITING;
    uint64_t now = gr__os_now();
    gr__rec_actor r = {.actor = h->goid, .kind = GR__RECORD_GOROUTINE, .number = h->goid,
        .name = gr__string_of(h->name), .state = state, .wait = waiting ? h->wait : 0,
        .wait_ns = waiting && now > h->wait_since_ns ? now - h->wait_since_ns : 0,
        .creator = h->creator, .created_at = exact(&created, created != 0)};
    r.stack = exact(stack, gr__g_stack(g, stack, STACK_MAX));
    if (buffer.capacity - buffer.length < ROOM_FOR_ACTOR) flush();
    gr__put_actor(&buffer, &r);
    if (waiting) gr__put_waiting(&buffer, h, flush);
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
    gr__rec_finding f = {finding, GR__ADD(&serial, 1), gr__string_of(words)};
    gr__put_finding(&buffer, &f);
}

static void end(void) {
    gr__rec_finding_end e = {GR__LOAD(&serial)};
    gr__put_finding_end(&buffer, &e);
    flush();
    gr__session_end();
}

void gr__dump(unsigned finding, const char *words) {
    if (GR__SWAP(&gr__s.dying, true))
        for (;;) gr__os_wait(&(uint32_t){0}, 0, 0);     /* another one is being printed */
    flush_stdout();
    begin(finding, words);
    struct gr__g *self = gr__g_self();
    if (self) put_actor(self, NULL);
    gr__g_each(put_actor, self);
    end();
    gr__session_close();
}

void gr__report_misuse(unsigned finding, const void *channel, uintptr_t pc) {
    struct gr__g *self = gr__self();
    self->head.wait_pc = pc;
    begin(finding, "");
    put_actor(self, NULL);
    gr__channel_view view;
    gr__channel_look(channel, &view);
    uint64_t made = view.made_pc;
    gr__rec_location l = {.kind = GR__LOCATION_CHANNEL, .address = (uintptr_t)channel,
        .low = (uintptr_t)channel, .allocated_at = exact(&made, made != 0)};
    gr__put_location(&buffer, &l);
    end();
}

void gr__panic(const char *words) {
    gr__dump(GR__FINDING_PANIC, words);
    gr__os_exit(2);
}

void gr__fatal(const char *words) {
    gr__dump(GR__FINDING_FATAL, words);
    gr__os_exit(2);
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
