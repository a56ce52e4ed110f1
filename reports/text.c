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
const char *reports_text_actor(const report_finding *f, uint64_t id, char *buffer, size_t size) {
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

void reports_text_stack(FILE *out, report_stack s) {
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
                     : (a->flags & GR__RECORD_GROUP) == GR__RECORD_GROUP ? (is_write ? " (Add)" : " (Wait)")
                     : a->flags & GR__RECORD_CHANNEL ? (is_write ? " (close)" : " (send)")
                     : a->flags & GR__RECORD_VPTR ? " (vptr)" : "";
    if (f->kind == GR__FINDING_WAITGROUP_RACE) {
        noun = is_write ? "Add" : "Wait";
        of = "";
    }
    if (a->previous) fprintf(out, "Previous %s", noun);
    else fprintf(out, "%c%s", noun[0] & ~('a' - 'A'), noun + 1);
    fprintf(out, "%s at 0x%012" PRIx64 " by %s:\n", of, a->address,
            reports_text_actor(f, a->actor, who, sizeof who));
    reports_text_stack(out, a->stack);
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
    fprintf(out, " of %s",
            l->actor ? reports_text_actor(f, l->actor, who, sizeof who) : "a thread that runs goroutines");
    declaration(out, l);
}

static void block_text(FILE *out, const report_finding *f) {
    const report_location *l = &f->location;
    char who[64];
    fprintf(out, "Location is heap block of %" PRIu64 " bytes, allocated by %s", l->size,
            reports_text_actor(f, l->actor, who, sizeof who));
    if (l->address != l->low) fprintf(out, " (byte %" PRIu64 ")", l->address - l->low);
    fputs(":\n", out);
    reports_text_stack(out, l->allocated_at);
    fputc('\n', out);
    if (!l->freed_at.count) return;
    fprintf(out, "Freed by %s:\n", reports_text_actor(f, l->free_actor, who, sizeof who));
    reports_text_stack(out, l->freed_at);
    fputc('\n', out);
}

static void mapping_text(FILE *out, const report_finding *f) {
    const report_location *l = &f->location;
    char who[64];
    fprintf(out, "Location is mapped memory of %" PRIu64 " bytes", l->size);
    if (l->path) fprintf(out, " from %s", l->path);
    if (l->allocated_at.count) {
        fprintf(out, ", mapped by %s", reports_text_actor(f, l->actor, who, sizeof who));
        if (l->address != l->low) fprintf(out, " (byte %" PRIu64 ")", l->address - l->low);
        fputs(":\n", out);
        reports_text_stack(out, l->allocated_at);
        fputc('\n', out);
    } else {
        fprintf(out, " (byte %" PRIu64 ")\n\n", l->address - l->low);
    }
}

static void channel_text(FILE *out, const report_location *l) {
    fprintf(out, "Location is channel 0x%012" PRIx64, l->low);
    if (l->allocated_at.count) {
        fputs(", made at:\n", out);
        reports_text_stack(out, l->allocated_at);
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
        fprintf(out, "Location is stack of %s\n\n", reports_text_actor(f, l->actor, who, sizeof who));
        return;
    case GR__LOCATION_CHANNEL: channel_text(out, l); return;
    default: return;
    }
}

/* "Goroutine 7 'name'" */
static void actor_title(FILE *out, const report_actor *a) {
    if (a->kind == GR__RECORD_THREAD && !a->number) fputs("Main thread", out);
    else fprintf(out, a->kind == GR__RECORD_THREAD ? "Thread T%" PRIu64
                      : a->kind == GR__RECORD_FIBER ? "Fiber %" PRIu64 : "Goroutine %" PRIu64, a->number);
    if (a->name) fprintf(out, " '%s'", a->name);
}

static void creation(FILE *out, const report_finding *f, const report_actor *a) {
    if (!a->created_at.count) return;
    actor_title(out, a);
    fprintf(out, " (%s) created ", a->state == GR__STATE_FINISHED ? "finished" : "running");
    char who[64];
    if (a->kind == GR__RECORD_THREAD && report_actor_of(f, a->creator))
        fprintf(out, "by %s ", reports_text_actor(f, a->creator, who, sizeof who));
    fputs("at:\n", out);
    reports_text_stack(out, a->created_at);
    fputc('\n', out);
}

const char *reports_state_words(const report_actor *a) {
    if (a->state == GR__STATE_WAITING) return report_wait_words(a->wait);
    return a->state == GR__STATE_RUNNABLE ? "runnable" : a->state == GR__STATE_FINISHED ? "finished" : "running";
}

static void state_words(FILE *out, const report_actor *a) { fputs(reports_state_words(a), out); }

static void channel_words(FILE *out, const report_object *c, const char *name) {
    if (c->address == 0 || c->state == GR__CHANNEL_NIL) {
        fputs("nil channel", out);
        if (name) fprintf(out, " '%s'", name);
        return;
    }
    fprintf(out, "channel 0x%" PRIx64, c->address);
    if (name) fprintf(out, " '%s'", name);
    if (c->state == GR__CHANNEL_UNKNOWN) { /* a trace */
        if (c->made_at.count && c->made_at.frames[0].file)
            fprintf(out, " (made at %s:%u)", c->made_at.frames[0].file, c->made_at.frames[0].line);
        return;
    }
    fprintf(out, " (%s, ", c->state == GR__CHANNEL_CLOSED ? "closed" : "open");
    if (*report_origin_words(c->origin)) fprintf(out, "%s, ", report_origin_words(c->origin));
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

static void object_words(FILE *out, const report_actor *a) {
    if (a->wait == WAIT_PTHREAD_JOIN && a->tid) { /* where threads have the kernel's numbers, it is one of these */
        fprintf(out, "thread %" PRIu64, a->object.address);
        return;
    }
    fprintf(out, "0x%" PRIx64, a->object.address);
    if (a->object_name) fprintf(out, " '%s'", a->object_name);
    fprintf(out, " (%s)", report_wait_words(a->wait));
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
    if (is_channel_wait(a->wait)) channel_words(out, &a->object, a->object_name);
    else object_words(out, a);
    uint64_t holder = a->wait == WAIT_PTHREAD_JOIN ? 0 : a->holder;
    if (holder)
        fprintf(out, ", held by %s %" PRIu64, holder & GR__ACTOR_THREAD ? "thread" : "goroutine",
                holder & ~GR__ACTOR_THREAD);
    reach_words(out, &a->object);
    fputc('\n', out);
}

/* What was done before, as far as it was told behind so many actors. */
static void pasts(FILE *out, const report_finding *f, size_t actors, const char *indent, const char *deeper) {
    for (size_t i = 0; i < f->past_count; i++) {
        const report_past *p = &f->pasts[i];
        if (p->actors != actors) continue;
        char *line = report_past_line(p);
        fprintf(out, "%s\n", line);
        free(line);
        for (size_t k = 0; k < p->stack.count; k++) {
            function_line(out, indent, &p->stack.frames[k]);
            fputs(deeper, out);
            place(out, &p->stack.frames[k]);
        }
        fputc('\n', out);
    }
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

static void title_of(FILE *out, const report_actor *a) {
    const uint64_t minute_ns = 60u * UINT64_C(1000000000);
    if (a->kind != GR__RECORD_THREAD) fprintf(out, "goroutine %" PRIu64, a->number);
    else if (!a->number) fputs("main thread", out);
    else fprintf(out, a->tid == a->number ? "thread %" PRIu64 : "thread T%" PRIu64, a->number);
    if (a->kind == GR__RECORD_THREAD && a->tid && a->tid != a->number) fprintf(out, " (%" PRIu64 ")", a->tid);
    fputs(" [", out);
    state_words(out, a);
    if (a->wait_ns >= minute_ns) fprintf(out, ", %" PRIu64 " minutes", a->wait_ns / minute_ns);
    fputs("]:", out);
}

/* Go's dump: `goroutine 1 [chan send, 2 minutes]:` and the stack with tabs; then what it waits for. */
void reports_text_goroutine(FILE *out, const report_actor *a, size_t more, const char *title) {
    if (title) fputs(title, out);
    else title_of(out, a);
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
    if (a->name) fprintf(out, "  named '%s'\n", a->name);
    waits_for(out, a);
    fputc('\n', out);
}

static void dump(FILE *out, const report_finding *f, size_t number, size_t more) {
    reports_text_goroutine(out, &f->actors[number], more, NULL);
    pasts(out, f, number + 1, "", "\t");
}

/* So many alike are printed as one. */
enum { CROWD = 100 };

void reports_text_goroutines(FILE *out, const report_finding *f, size_t crowd) {
    if (f->actor_count < crowd) {
        for (size_t i = 0; i < f->actor_count; i++) dump(out, f, i, 0);
        return;
    }
    report_crowd c = report_crowd_of(f, false);
    for (size_t i = 0; i < f->actor_count; i++) {
        size_t like_it = c.count[c.first[i]];
        if (like_it < crowd) dump(out, f, i, 0);
        else if (c.first[i] == i) dump(out, f, i, like_it - 1);
    }
    report_crowd_free(&c);
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
    reports_text_stack(out, a->stack);
    fputc('\n', out);
}

/* --- circles of those who wait for each other --- */

/* "gr_mutex 'table.lock' (0x7f31c4a01010)" */
static void lock_words(FILE *out, const char *type, const char *name, uint64_t address) {
    fputs(type ? type : "lock", out);
    if (name) fprintf(out, " '%s'", name);
    fprintf(out, name ? " (0x%" PRIx64 ")" : " 0x%" PRIx64, address);
}

static void member_waits_for(FILE *out, const report_finding *f, const report_actor *a) {
    char who[64];
    reports_text_actor(f, a->next, who, sizeof who);
    const report_actor *next = report_actor_of(f, a->next);
    if (!next) snprintf(who, sizeof who, "the next one");
    if (a->wait == WAIT_PTHREAD_JOIN) {
        fprintf(out, " waits for the end of %s", who);
        return;
    }
    fputs(" waits for ", out);
    const report_hold *held = NULL;
    for (size_t i = 0; next && i < next->hold_count; i++)
        if (next->holds[i].address == a->object.address) held = &next->holds[i];
    lock_words(out, held ? report_lock_type(held->kind) : report_waited_type(a->wait), a->object_name,
               a->object.address);
    if (a->next == a->id) fputs(", which it holds itself", out);
    else if (next && !held && next->stack.count) fprintf(out, ", which %s waits for", who);
    else fprintf(out, ", which %s holds", who);
}

static void circle_list(FILE *out, const report_finding *f) {
    uint64_t length = 0;
    char who[64];
    for (size_t i = 0; i < f->actor_count; i++) length += f->actors[i].listed + f->actors[i].skipped;
    if (length < 2) return;
    put_grouped(out, length);
    fputs(" wait for each other, and none of them can go on:\n", out);
    for (size_t i = 0; i < f->actor_count; i++) {
        const report_actor *a = &f->actors[i];
        if (!a->listed) continue;
        fprintf(out, "  %s", reports_text_actor(f, a->id, who, sizeof who));
        member_waits_for(out, f, a);
        fputc('\n', out);
        if (!a->skipped) continue;
        fputs("  ... and ", out);
        put_grouped(out, a->skipped);
        fputs(" more, each of which the one before waits for\n", out);
    }
    fputc('\n', out);
}

static void member_text(FILE *out, const report_finding *f, const report_actor *a) {
    actor_title(out, a);
    if (a->like_it) {
        fputs(" (and ", out);
        put_grouped(out, a->like_it);
        fputs(" more like it)", out);
    }
    fputs(" [", out);
    state_words(out, a);
    fputc(']', out);
    member_waits_for(out, f, a);
    fputs(":\n", out);
    reports_text_stack(out, a->stack);
    for (size_t i = 0; i < a->hold_count; i++) {
        const report_hold *h = &a->holds[i];
        fputs(" and holds ", out);
        lock_words(out, report_lock_type(h->kind), h->name, h->address);
        fputs(h->reads ? " to read, taken at:\n" : ", taken at:\n", out);
        reports_text_stack(out, h->taken_at);
    }
    fputc('\n', out);
}

static void circle(FILE *out, const report_finding *f) {
    circle_list(out, f);
    for (size_t i = 0; i < f->actor_count; i++)
        if (f->actors[i].stack.count) member_text(out, f, &f->actors[i]);
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
    pasts(out, f, 0, "", "\t");
    reports_text_goroutines(out, f, CROWD);
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
    if (f->access_count) location_text(text, f);
    pasts(text, f, 0, "  ", "      ");
    bool is_circle = f->actor_count && f->actors[0].member;
    if (is_circle) circle(text, f);
    for (size_t i = 0; !is_circle && i < f->actor_count; i++) {
        if (f->access_count == 0 && f->actors[i].stack.count) blocked(text, f, &f->actors[i]);
        pasts(text, f, i + 1, "  ", "      ");
    }
    if (!f->access_count) location_text(text, f);
    reports_text_locks(text, f);
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
