/* text.c - a finding as Go prints it, so that eyes and scripts made for Go work. */
#include "reports/output.h"
#include "runtime/vocab/finding.h"
#include "runtime/inspect/record.h"

#include <inttypes.h>
#include <string.h>

enum {
#define WAIT(id, NAME, words, waker) WAIT_##NAME = id,
#include "runtime/vocab/wait.def"
#undef WAIT
};

static const char separator[] = "==================\n";

char *report_headline(const report_finding *f) {
    const report_kind *kind = report_kind_of(f->kind);
    const char *headline = kind ? kind->headline : "WARNING: %s";
    const char *hole = strstr(headline, "%s");
    char *line = NULL;
    int ok = hole ? asprintf(&line, "%.*s%s%s", (int)(hole - headline), headline, f->message, hole + 2)
                  : asprintf(&line, "%s", headline);
    if (ok < 0) abort();
    return line;
}

static void headline(FILE *out, const report_finding *f, bool color) {
    char *line = report_headline(f);
    fprintf(out, color ? "\033[1;31m%s\033[0m\n" : "%s\n", line);
    free(line);
}

/* "goroutine 7", "main goroutine", "thread T2", "main thread", "fiber 3" */
static const char *actor_words(const report_finding *f, uint64_t id, char *buffer, size_t size) {
    const report_actor *a = report_actor_of(f, id);
    if (!a) snprintf(buffer, size, "goroutine with id %" PRIu64, id);
    else if (a->kind == GR__RECORD_THREAD && a->number == 0) snprintf(buffer, size, "main thread");
    else if (a->kind == GR__RECORD_THREAD) snprintf(buffer, size, "thread T%" PRIu64, a->number);
    else if (a->kind == GR__RECORD_FIBER) snprintf(buffer, size, "fiber %" PRIu64, a->number);
    else if (a->number == 1) snprintf(buffer, size, "main goroutine");
    else snprintf(buffer, size, "goroutine %" PRIu64, a->number);
    return buffer;
}

static void place(FILE *out, const report_frame *frame) {
    if (frame->file) fprintf(out, "%s:%u", frame->file, frame->line);
    else if (frame->module) fprintf(out, "%s", frame->module);
    else fprintf(out, "0x%" PRIx64, frame->pc);
    if (frame->offset) fprintf(out, " +0x%" PRIx64, frame->offset);
    fputc('\n', out);
}

static void function_line(FILE *out, const char *indent, const report_frame *frame) {
    bool has_parameters = strchr(frame->function, '(') != NULL; /* demangled C++ */
    fprintf(out, "%s%s%s\n", indent, frame->function, has_parameters ? "" : "()");
}

static void stack(FILE *out, report_stack s) {
    if (s.count == 0) fputs("  [failed to restore the stack]\n", out);
    for (size_t i = 0; i < s.count; i++) {
        function_line(out, "  ", &s.frames[i]);
        fputs("      ", out);
        place(out, &s.frames[i]);
    }
}

static void access_text(FILE *out, const report_finding *f, const report_access *a) {
    char who[64];
    bool is_write = a->flags & GR__RECORD_WRITE;
    const char *noun = a->flags & GR__RECORD_ATOMIC ? (is_write ? "atomic write" : "atomic read")
                                                    : (is_write ? "write" : "read");
    const char *of = a->flags & GR__RECORD_FREE ? " (free)"
                     : a->flags & GR__RECORD_CHANNEL ? (is_write ? " (close)" : " (send)")
                     : a->flags & GR__RECORD_VPTR ? " (vptr)" : "";
    if (a->previous) fprintf(out, "Previous %s", noun);
    else fprintf(out, "%c%s", noun[0] - 'a' + 'A', noun + 1);
    fprintf(out, "%s at 0x%012" PRIx64 " by %s:\n", of, a->address,
            actor_words(f, a->actor, who, sizeof who));
    stack(out, a->stack);
    fputc('\n', out);
}

/* " 'table' of size 96 (table[3].lock, a pthread_mutex_t)" */
static void variable_words(FILE *out, const report_location *l) {
    fprintf(out, " '%s' of size %" PRIu64, l->name, l->size);
    if (l->member || l->type)
        fprintf(out, " (%s%s%s%s)", l->member ? l->member : "", l->member && l->type ? ", " : "",
                l->type ? "a " : "", l->type ? l->type : "");
    else if (l->address != l->low)
        fprintf(out, " (byte %" PRIu64 ")", l->address - l->low);
}

static void declaration(FILE *out, const report_location *l) {
    if (l->file) fprintf(out, " at %s:%u", l->file, l->line);
    fputs("\n\n", out);
}

static void global_text(FILE *out, const report_location *l) {
    fputs("Location is global", out);
    if (l->name) variable_words(out, l);
    else fprintf(out, " data of %s +0x%" PRIx64, l->module, l->address - l->low);
    declaration(out, l);
}

static void tls_text(FILE *out, const report_finding *f) {
    const report_location *l = &f->location;
    char who[64];
    fputs("Location is thread-local storage", out);
    if (l->name) variable_words(out, l);
    fprintf(out, " of %s", l->actor ? actor_words(f, l->actor, who, sizeof who) : "a thread that runs goroutines");
    declaration(out, l);
}

static void block_text(FILE *out, const report_finding *f) {
    const report_location *l = &f->location;
    char who[64];
    fprintf(out, "Location is heap block of %" PRIu64 " bytes, allocated by %s", l->size,
            actor_words(f, l->actor, who, sizeof who));
    if (l->address != l->low) fprintf(out, " (byte %" PRIu64 ")", l->address - l->low);
    fputs(":\n", out);
    stack(out, l->allocated_at);
    fputc('\n', out);
    if (!l->freed_at.count) return;
    fprintf(out, "Freed by %s:\n", actor_words(f, l->free_actor, who, sizeof who));
    stack(out, l->freed_at);
    fputc('\n', out);
}

static void mapping_text(FILE *out, const report_finding *f) {
    const report_location *l = &f->location;
    char who[64];
    fprintf(out, "Location is mapped memory of %" PRIu64 " bytes", l->size);
    if (l->path) fprintf(out, " from %s", l->path);
    if (l->allocated_at.count) {
        fprintf(out, ", mapped by %s", actor_words(f, l->actor, who, sizeof who));
        if (l->address != l->low) fprintf(out, " (byte %" PRIu64 ")", l->address - l->low);
        fputs(":\n", out);
        stack(out, l->allocated_at);
        fputc('\n', out);
    } else {
        fprintf(out, " (byte %" PRIu64 ")\n\n", l->address - l->low);
    }
}

static void channel_text(FILE *out, const report_location *l) {
    fprintf(out, "Location is channel 0x%012" PRIx64, l->low);
    if (l->allocated_at.count) {
        fputs(", made at:\n", out);
        stack(out, l->allocated_at);
        fputc('\n', out);
    } else {
        fputs("\n\n", out);
    }
}

static void location_text(FILE *out, const report_finding *f) {
    const report_location *l = &f->location;
    char who[64];
    if (!l->known) return;
    switch (l->kind) {
    case GR__LOCATION_GLOBAL: global_text(out, l); return;
    case GR__LOCATION_TLS: tls_text(out, f); return;
    case GR__LOCATION_HEAP: block_text(out, f); return;
    case GR__LOCATION_MAPPING: mapping_text(out, f); return;
    case GR__LOCATION_STACK:
        fprintf(out, "Location is stack of %s\n\n", actor_words(f, l->actor, who, sizeof who));
        return;
    case GR__LOCATION_CHANNEL: channel_text(out, l); return;
    default: return;
    }
}

/* "Goroutine 7 'name'" */
static void actor_title(FILE *out, const report_actor *a) {
    fprintf(out, a->kind == GR__RECORD_THREAD ? "Thread T%" PRIu64
                 : a->kind == GR__RECORD_FIBER ? "Fiber %" PRIu64 : "Goroutine %" PRIu64, a->number);
    if (a->name) fprintf(out, " '%s'", a->name);
}

static void creation(FILE *out, const report_finding *f, const report_actor *a) {
    if (!a->created_at.count) return;
    actor_title(out, a);
    fprintf(out, " (%s) created ", a->state == GR__STATE_FINISHED ? "finished" : "running");
    char who[64];
    if (a->kind == GR__RECORD_THREAD && report_actor_of(f, a->creator))
        fprintf(out, "by %s ", actor_words(f, a->creator, who, sizeof who));
    fputs("at:\n", out);
    stack(out, a->created_at);
    fputc('\n', out);
}

static void state_words(FILE *out, const report_actor *a) {
    if (a->state == GR__STATE_WAITING) fputs(report_wait_words(a->wait), out);
    else fputs(a->state == GR__STATE_RUNNABLE ? "runnable"
               : a->state == GR__STATE_FINISHED ? "finished" : "running", out);
}

static void channel_words(FILE *out, const report_object *c, const char *name) {
    if (c->address == 0 || c->state == GR__CHANNEL_NIL) {
        fputs("nil channel", out);
        if (name) fprintf(out, " '%s'", name);
        return;
    }
    fprintf(out, "channel 0x%" PRIx64, c->address);
    if (name) fprintf(out, " '%s'", name);
    fprintf(out, " (%s, ", c->state == GR__CHANNEL_CLOSED ? "closed" : "open");
    if (c->capacity) fprintf(out, "%" PRIu64 " of %" PRIu64 " buffered", c->length, c->capacity);
    else fputs("unbuffered", out);
    if (c->made_at.count && c->made_at.frames[0].file)
        fprintf(out, ", made at %s:%u", c->made_at.frames[0].file, c->made_at.frames[0].line);
    fputc(')', out);
}

static void reach_words(FILE *out, const report_object *o) {
    static const char *const words[] = {"", ": nobody else can reach it", ": its other users have all ended",
                                        ": only goroutines that wait for ever can reach it"};
    if (o->reach < sizeof words / sizeof words[0]) fputs(words[o->reach], out);
}

static bool is_channel_wait(unsigned wait) {
    return wait == WAIT_CHAN_RECEIVE || wait == WAIT_CHAN_SEND || wait == WAIT_CHAN_RECEIVE_NIL ||
           wait == WAIT_CHAN_SEND_NIL;
}

static void waits_for(FILE *out, const report_actor *a) {
    for (size_t i = 0; i < a->case_count; i++) {
        const report_case *c = &a->cases[i];
        fprintf(out, "  case %" PRIu64 ": %s ", c->index, c->send ? "send to" : "receive from");
        channel_words(out, &c->channel, c->name);
        reach_words(out, &c->channel);
        fputc('\n', out);
    }
    if (!a->has_object) return;
    fputs("  waits for ", out);
    if (is_channel_wait(a->wait)) channel_words(out, &a->object, NULL);
    else fprintf(out, "0x%" PRIx64 " (%s)", a->object.address, report_wait_words(a->wait));
    reach_words(out, &a->object);
    fputc('\n', out);
}

/* --- dumps --- */

static void elision(FILE *out, const report_actor *a) {
    if (a->elided == UINT64_MAX) fputs("...additional frames elided...\n", out);
    else fprintf(out, "...%" PRIu64 " frames elided...\n", a->elided);
}

/* 12345 as 12,345 */
static void put_grouped(FILE *out, size_t n) {
    if (n >= 1000) {
        put_grouped(out, n / 1000);
        fprintf(out, ",%03zu", n % 1000);
    } else {
        fprintf(out, "%zu", n);
    }
}

/* Go's dump: `goroutine 1 [chan send, 2 minutes]:` and the stack with tabs; then what it waits for.
 * `more`: how many like it this one stands for. */
static void dump(FILE *out, const report_actor *a, size_t more) {
    const uint64_t minute_ns = 60u * UINT64_C(1000000000);
    fprintf(out, a->kind == GR__RECORD_THREAD ? "thread T%" PRIu64 " [" : "goroutine %" PRIu64 " [",
            a->number);
    state_words(out, a);
    if (a->wait_ns >= minute_ns) fprintf(out, ", %" PRIu64 " minutes", a->wait_ns / minute_ns);
    fputs("]:", out);
    if (more) {
        fputs(" (and ", out);
        put_grouped(out, more);
        fputs(" more like it)", out);
    }
    fputc('\n', out);
    if (a->stack.count == 0 && a->state == GR__STATE_RUNNING)
        fputs("\tgoroutine running on other thread; stack unavailable\n", out);
    for (size_t i = 0; i < a->stack.count; i++) {
        if (a->elided && i == a->elided_at) elision(out, a);
        function_line(out, "", &a->stack.frames[i]);
        fputc('\t', out);
        place(out, &a->stack.frames[i]);
    }
    if (a->elided && a->elided_at >= a->stack.count) elision(out, a);
    if (a->created_at.count) {
        fprintf(out, "created by %s\n\t", a->created_at.frames[0].function);
        place(out, &a->created_at.frames[0]);
    }
    waits_for(out, a);
    fputc('\n', out);
}

/* Stacks that are equal have the same frames (resolve.h), but for those that were put together. */
static bool alike(const report_actor *a, const report_actor *b) {
    return a->kind == b->kind && a->state == b->state && a->wait == b->wait && !a->elided && !b->elided &&
           a->stack.frames == b->stack.frames && a->created_at.frames == b->created_at.frames;
}

static size_t hash_of(const report_actor *a) {
    uintptr_t h = (uintptr_t)a->stack.frames * 31 + (uintptr_t)a->created_at.frames;
    return (h + a->wait * 7 + a->state) * UINT64_C(0x9e3779b97f4a7c15) >> 20;
}

/* Who is alike, in a crowd: for each actor the first one like it, and how many there are. */
typedef struct crowd {
    size_t *first, *count;
} crowd;

static crowd crowd_of(const report_finding *f) {
    size_t n = f->actor_count, room = 1;
    while (room < 2 * n) room *= 2;
    crowd c = {calloc(n, sizeof *c.first), calloc(n, sizeof *c.count)};
    size_t *table = calloc(room, sizeof *table); /* index of an actor, plus 1 */
    if (!c.first || !c.count || !table) abort();
    for (size_t i = 0; i < n; i++) {
        size_t at = hash_of(&f->actors[i]) & (room - 1);
        while (table[at] && !alike(&f->actors[table[at] - 1], &f->actors[i])) at = (at + 1) & (room - 1);
        if (!table[at]) table[at] = i + 1;
        c.first[i] = table[at] - 1;
        c.count[table[at] - 1]++;
    }
    free(table);
    return c;
}

/* So many alike are printed as one. */
enum { CROWD = 100 };

static void dumps(FILE *out, const report_finding *f) {
    if (f->actor_count < CROWD) {
        for (size_t i = 0; i < f->actor_count; i++) dump(out, &f->actors[i], 0);
        return;
    }
    crowd c = crowd_of(f);
    for (size_t i = 0; i < f->actor_count; i++) {
        size_t like_it = c.count[c.first[i]];
        if (like_it < CROWD) dump(out, &f->actors[i], 0);
        else if (c.first[i] == i) dump(out, &f->actors[i], like_it - 1);
    }
    free(c.first);
    free(c.count);
}

static void blocked(FILE *out, const report_finding *f, const report_actor *a) {
    actor_title(out, a);
    fputs(" [", out);
    state_words(out, a);
    fputs("]", out);
    if (f->kind == GR__FINDING_LEAK_AT_EXIT)
        fputs(" is still blocked when main returned:\n", out);
    else if (f->kind == GR__FINDING_LEAK_FOREVER)
        fprintf(out, " has been blocked for %.1fs and nothing can wake it:\n", (double)a->wait_ns / 1e9);
    else
        fputs(":\n", out);
    waits_for(out, a);
    stack(out, a->stack);
    fputc('\n', out);
}

static void notes(FILE *out, const report_finding *f) {
    for (size_t i = 0; i < f->note_count; i++) fprintf(out, "%s\n", f->notes[i]);
    if (f->note_count) fputc('\n', out);
}

/* Findings that end a program are not framed, as in Go. */
static void bare(FILE *out, const report_finding *f, bool color) {
    headline(out, f, color);
    for (size_t i = 0; i < f->note_count; i++) fprintf(out, "%s\n", f->notes[i]);
    fputc('\n', out);
    dumps(out, f);
}

/* Go ends a report without an empty line before the closing separator. */
static void framed(FILE *out, const report_finding *f, bool color) {
    fputs(separator, out);
    headline(out, f, color);
    char *body = NULL;
    size_t length = 0;
    FILE *text = open_memstream(&body, &length);
    if (!text) abort();
    for (size_t i = 0; i < f->access_count; i++) access_text(text, f, &f->accesses[i]);
    notes(text, f);
    location_text(text, f);
    for (size_t i = 0; i < f->actor_count; i++)
        if (f->access_count == 0 && f->actors[i].stack.count) blocked(text, f, &f->actors[i]);
    for (size_t i = 0; i < f->actor_count; i++) creation(text, f, &f->actors[i]);
    fclose(text);
    while (length && body[length - 1] == '\n') length--;
    fprintf(out, "%.*s\n", (int)length, body);
    free(body);
    fputs(separator, out);
}

void reports_text_finding(FILE *out, const report_finding *f, bool color) {
    const report_kind *kind = report_kind_of(f->kind);
    if (kind && strncmp(kind->headline, "WARNING", 7) != 0) bare(out, f, color);
    else framed(out, f, color);
    fflush(out);
}
