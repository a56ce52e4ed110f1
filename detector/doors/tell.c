/* tell.c - builds the records of the doors' own findings. The buffer belongs to who is between
 * gr__session_begin and gr__session_end. */
#include "detector/doors/tell.h"

#include "runtime/inspect/record.h"
#include "runtime/inspect/session.h"
#include "runtime/inspect/waiting.h"
#include "runtime/os/os.h"

#include <errno.h>

enum { FRAMES = 64, SUPPRESSIONS = 32 * 1024, ROOM_FOR_ACTOR = 4096 };

static char bytes[60 * 1024];
static gr__record_buffer buffer = {bytes, 0, sizeof bytes, false};

static void send(void) {
    gr__session_put(buffer.bytes, buffer.length);
    gr__zero(buffer.bytes, buffer.length); /* addresses of the program's objects: nobody holds them here */
    buffer.length = 0;
    buffer.full = false;
}

/* --- groups --- */

/* A program may define it, as for ThreadSanitizer. */
extern const char *__tsan_default_suppressions(void) __attribute__((weak));

static const char *suppressions; /* constant; NULL: it has none */

void gr__tell_init(void) {
    if (__tsan_default_suppressions) suppressions = __tsan_default_suppressions();
}

/* With each group: the reporter may be another one than for the last. */
static void put_suppressions(void) {
    char *room = suppressions ? gr__alloc(SUPPRESSIONS) : NULL;
    if (!room) return;
    gr__record_buffer b = {room, 0, SUPPRESSIONS, false};
    gr__put_suppressions(&b, &(gr__rec_suppressions){.text = gr__string_of(suppressions)});
    gr__session_put(b.bytes, b.length);
    gr__free(room, SUPPRESSIONS);
}

void gr__tell_begin(void) {
    gr__session_begin();
    put_suppressions();
}

bool gr__tell_end(void) {
    if (!gr__session_end()) return false;
    if (gr__option.halt_on_error) gr__os_exit(gr__exit_check((int)gr__option.exitcode));
    return true;
}

void gr__words_add(gr__words *to, const char *text) {
    while (*text && to->length < sizeof to->text - 1) to->text[to->length++] = *text++;
    to->text[to->length] = 0;
}

void gr__words_number(gr__words *to, uint64_t number) {
    char digits[24];
    size_t at = sizeof digits - 1;
    digits[at] = 0;
    do digits[--at] = (char)('0' + number % 10);
    while (number /= 10);
    gr__words_add(to, digits + at);
}

static gr__stack_pcs stack_of(gr__loc loc, uint64_t *frames) {
    size_t count = gr__loc_stack(loc, (uintptr_t *)frames, FRAMES);
    return (gr__stack_pcs){frames, (uint32_t)(count < FRAMES ? count : FRAMES)};
}

static void put_actor(const gr__told *t) {
    const gr__actor *a = t->actor;
    const gr__g_head *h = t->head;
    uint64_t stack[FRAMES], created[FRAMES], now = gr__os_now();
    bool waits = h && GR__LOAD(&h->state) == GR__STATE_WAITING;
    gr__rec_actor r = {.actor = a->id, .kind = a->kind, .number = a->number,
                       .name = gr__string_of(h ? h->name : NULL),
                       .state = waits ? GR__STATE_WAITING : GR__STATE_RUNNING,
                       .wait = waits ? h->wait : 0,
                       .wait_ns = waits && now > h->wait_since_ns ? now - h->wait_since_ns : 0,
                       .creator = a->creator, .created_at = stack_of(a->created_at, created),
                       .stack = stack_of(t->at, stack)};
    if (buffer.capacity - buffer.length < ROOM_FOR_ACTOR) send();
    gr__put_actor(&buffer, &r);
    if (waits) gr__put_waiting_reached(&buffer, h, t->reached, t->argument, send);
}

static void put_past(const gr__told_past *p) {
    uint64_t frames[FRAMES];
    if (!p->at) return;
    if (buffer.capacity - buffer.length < sizeof frames + 128) send();
    gr__put_past(&buffer, &(gr__rec_past){.kind = p->kind, .number = p->goid, .count = p->count,
                                          .wait = p->wait, .stack = stack_of(p->at, frames)});
}

static void put_channel(const void *channel) {
    uint64_t frames[FRAMES];
    gr__heap_block block = {0}; /* of one byte: where it was made */
    if (!gr__heap_find((uintptr_t)channel, &block)) return;
    if (buffer.capacity - buffer.length < sizeof frames + 256) send();
    gr__put_location(&buffer, &(gr__rec_location){
        .kind = GR__LOCATION_CHANNEL, .address = (uintptr_t)channel, .low = (uintptr_t)channel,
        .actor = block.actor, .allocated_at = stack_of(block.allocated_at, frames)});
}

/* What else there is to say of a misuse. */
typedef struct more { const void *channel; const gr__told_past *pasts; size_t count; } more;

static bool tell(enum gr__finding_kind kind, const gr__told *who, size_t count, const gr__words *notes,
                 size_t note_count, const more *m) {
    int saved = errno;
    gr__own++;
    gr__tell_begin();
    uint64_t serial = gr__finding_next_serial();
    gr__put_finding(&buffer, &(gr__rec_finding){.kind = kind, .serial = serial});
    for (size_t i = 0; i < count; i++) put_actor(&who[i]);
    for (size_t i = 0; i < note_count; i++) {
        if (buffer.capacity - buffer.length < ROOM_FOR_ACTOR) send();
        gr__put_note(&buffer, &(gr__rec_note){gr__string_of(notes[i].text)});
    }
    for (size_t i = 0; m && i < m->count; i++) put_past(&m->pasts[i]);
    if (m && m->channel) put_channel(m->channel);
    gr__put_finding_end(&buffer, &(gr__rec_finding_end){.serial = serial});
    send();
    bool told = gr__tell_end();
    gr__own--;
    errno = saved;
    return told;
}

bool gr__tell(enum gr__finding_kind kind, const gr__told *who, size_t count, const gr__words *notes,
              size_t note_count) {
    return tell(kind, who, count, notes, note_count, NULL);
}

void gr__tell_misuse(enum gr__finding_kind kind, gr__loc loc, const char *text, const void *channel,
                     const gr__told_past *pasts, size_t count) {
    gr__g_head *h = gr__g_self() ? gr__g_head_of(gr__g_self()) : NULL;
    gr__words note = {.length = 0};
    gr__words_add(&note, text);
    tell(kind, &(gr__told){gr__me, h, loc, NULL, NULL}, 1, &note, 1, &(more){channel, pasts, count});
}

void gr__tell_misuse_of_many(enum gr__finding_kind kind, const char *text, const gr__told_past *pasts, size_t count) {
    gr__words note = {.length = 0};
    gr__words_add(&note, text);
    tell(kind, NULL, 0, &note, 1, &(more){NULL, pasts, count});
}

static uint64_t open_serial; /* of who has the buffer, as are the next two */
static int open_errno;

gr__record_buffer *gr__tell_open(enum gr__finding_kind kind) {
    int saved = errno;
    gr__own++;
    gr__tell_begin();
    open_errno = saved;
    open_serial = gr__finding_next_serial();
    gr__put_finding(&buffer, &(gr__rec_finding){.kind = kind, .serial = open_serial});
    return &buffer;
}

void gr__tell_actor(uint64_t actor, gr__loc at) {
    uint64_t stack[FRAMES], created[FRAMES];
    const gr__actor *a = gr__actor_by_id(actor);
    if (!a) return;
    gr__rec_actor r = {.actor = a->id, .kind = a->kind, .number = a->number,
                       .name = gr__string_of(gr__name_of(a->id)),
                       .state = GR__LOAD(&a->ended) ? GR__STATE_FINISHED : GR__STATE_RUNNING,
                       .creator = a->creator, .created_at = stack_of(a->created_at, created),
                       .stack = stack_of(at, stack)};
    gr__put_actor(&buffer, &r);
}

bool gr__tell_close(void) {
    gr__put_finding_end(&buffer, &(gr__rec_finding_end){.serial = open_serial});
    int saved = open_errno;
    send();
    bool told = gr__tell_end();
    gr__own--;
    errno = saved;
    return told;
}
