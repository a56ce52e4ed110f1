/* collect.c - records to findings to output: the state of one program's reports. */
#include "reports/maps.h"
#include "reports/output.h"
#include "reports/reports.h"
#include "reports/resolve.h"
#include "reports/unwind.h"

#include <errno.h>
#include <fcntl.h>
#include <inttypes.h>
#include <limits.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

struct reports {
    reports_settings settings;
    resolver *resolver;
    unwinder *unwinder;            /* of the last actor's stack */
    uint64_t walked[256];          /* its stack as it was told */
    size_t walked_count;
    struct suppressions *suppressions;
    report_finding *open;          /* group that has begun and not ended */
    report_finding *first, **last; /* kept for a document at the end */
    FILE *out;                     /* NULL until something is printed */
    char *temporary, *target;      /* of settings.output; NULL: it is no file */
    bool hello, has_totals, has_built_in;
    uint64_t pid;
    char *program;
    gr__rec_summary totals;
    uint64_t counts[64];           /* by kind */
    uint64_t suppressed;
    bool left_out;                 /* the last one */
    char *summary;
    char error[PATH_MAX + 128];
};

static const char *const words[] = {"race", "deadlock", "leak", "lock-order", "misuse"};

unsigned reports_fail_on_bit(const char *word, size_t length) {
    for (size_t i = 0; i < sizeof words / sizeof words[0]; i++)
        if (strlen(words[i]) == length && memcmp(words[i], word, length) == 0) return 1u << i;
    return 0;
}

bool reports_format_named(const char *name, enum reports_format *out) {
    static const char *const names[] = {
#define FORMAT(format, streamed, summary) #format,
#include "runtime/vocab/format.def"
#undef FORMAT
    };
    for (unsigned i = 0; i < REPORTS_FORMATS; i++) {
        if (strcmp(names[i], name) != 0) continue;
        *out = (enum reports_format)i;
        return true;
    }
    return false;
}

static bool streamed(enum reports_format format) {
    static const bool is[] = {
#define FORMAT(name, is_streamed, summary) is_streamed,
#include "runtime/vocab/format.def"
#undef FORMAT
    };
    return is[format];
}

/* A file is written beside its place, and put there at the end; a link leads to it. What is none, as
 * /dev/null or a pipe, is written into. */
static bool open_output(reports *r) {
    struct stat about;
    if (stat(r->settings.output, &about) == 0 && !S_ISREG(about.st_mode))
        return (r->out = fopen(r->settings.output, "we")) != NULL;
    r->target = realpath(r->settings.output, NULL);
    if (!r->target) r->target = strdup(r->settings.output);
    if (!r->target || asprintf(&r->temporary, "%s.XXXXXX", r->target) < 0) abort();
    int fd = mkostemp(r->temporary, O_CLOEXEC);
    if (fd < 0) {
        free(r->temporary);
        r->temporary = NULL;
        return false;
    }
    mode_t mask = umask(0);
    umask(mask);
    fchmod(fd, 0666 & ~mask);
    return (r->out = fdopen(fd, "w")) != NULL;
}

reports *reports_new(const reports_settings *settings, const char **error) {
    struct suppressions *suppressions = NULL;
    if (settings->suppressions) {
        suppressions = suppressions_read(settings->suppressions, error);
        if (!suppressions) return NULL;
    }
    reports *r = calloc(1, sizeof *r);
    if (!r) abort();
    r->settings = *settings;
    r->suppressions = suppressions;
    r->resolver = resolver_new(settings->strip_path_prefix);
    r->unwinder = unwinder_new();
    r->last = &r->first;
    if (settings->output && !open_output(r)) {
        static char sentence[PATH_MAX + 128];
        snprintf(sentence, sizeof sentence, "can't write %s: %s", settings->output, strerror(errno));
        *error = sentence;
        reports_free(r);
        return NULL;
    }
    return r;
}

static FILE *output(reports *r) {
    if (r->out) return r->out;
    const char *path = r->settings.log_path;
    if (!path || strcmp(path, "stderr") == 0) return r->out = stderr;
    if (strcmp(path, "stdout") == 0) return r->out = stdout;
    char name[PATH_MAX];
    snprintf(name, sizeof name, "%s.%" PRIu64, path, r->pid);
    r->out = fopen(name, "ae");
    if (!r->out) {
        fprintf(stderr, "gorace: can't write %s: %s: reports go to stderr\n", name, strerror(errno));
        r->out = stderr;
    }
    return r->out;
}

static void take(reports *r, report_finding *f) {
    r->left_out = r->suppressions && suppressions_match(r->suppressions, f);
    if (r->left_out) {
        r->suppressed++;
        report_finding_free(f);
        return;
    }
    if (f->kind < sizeof r->counts / sizeof r->counts[0]) r->counts[f->kind]++;
    if (!streamed(r->settings.format)) {
        *r->last = f;
        r->last = &f->next;
        return;
    }
    FILE *out = output(r);
    reports_text_finding(out, f, r->settings.color && (out == stderr || out == stdout));
    report_finding_free(f);
}

/* All was told of the last actor. */
static void settle(reports *r) {
    report_finding *f = r->open;
    if (f && f->actor_count)
        unwinder_settle(r->unwinder, r->resolver, f, &f->actors[f->actor_count - 1], r->walked,
                        r->walked_count);
}

static const char *text_or_null(report_finding *f, gr__string s) {
    return s.length ? report_text(f, s.text, s.length) : NULL;
}

static void on_hello(reports *r, const gr__rec_hello *hello) {
    r->hello = true;
    r->pid = hello->pid;
    free(r->program);
    r->program = strndup(hello->executable.text, hello->executable.length);
}

static void on_finding(reports *r, const gr__rec_finding *record) {
    unwinder_forget(r->unwinder);
    report_finding_free(r->open);
    r->open = report_finding_new((unsigned)record->kind);
    r->open->serial = record->serial;
    r->open->message = report_text(r->open, record->message.text, record->message.length);
}

static void on_access(reports *r, report_finding *f, const gr__rec_access *record) {
    report_access *a = report_grow(f, (void **)&f->accesses, &f->access_count, sizeof *a);
    *a = (report_access){record->order != 0, (unsigned)record->flags, record->address, record->size,
                         record->actor, resolver_stack(r->resolver, record->stack)};
}

static void on_actor(reports *r, report_finding *f, const gr__rec_actor *record) {
    settle(r);
    report_actor *a = report_grow(f, (void **)&f->actors, &f->actor_count, sizeof *a);
    a->id = record->actor;
    a->kind = (unsigned)record->kind;
    a->number = record->number;
    a->name = text_or_null(f, record->name);
    a->state = (unsigned)record->state;
    a->wait = (unsigned)record->wait;
    a->wait_ns = record->wait_ns;
    a->creator = record->creator;
    a->created_at = resolver_stack(r->resolver, record->created_at);
    a->stack = resolver_stack(r->resolver, record->stack);
    r->walked_count = 0;
    for (uint32_t i = 0; i < record->stack.count && i < sizeof r->walked / sizeof r->walked[0]; i++)
        r->walked[r->walked_count++] = gr__stack_pc(record->stack, i);
}

static void on_registers(reports *r, report_finding *f, const gr__rec_registers *record) {
    if (f->actor_count) unwinder_registers(r->unwinder, record);
}

static void on_memory(reports *r, report_finding *f, const gr__rec_memory *record) {
    if (f->actor_count) unwinder_memory(r->unwinder, record);
}

static void on_location(reports *r, report_finding *f, const gr__rec_location *record) {
    report_location *l = &f->location;
    l->known = true;
    l->kind = (unsigned)record->kind;
    l->address = record->address;
    l->low = record->low;
    l->size = record->size;
    l->actor = record->actor;
    l->free_actor = record->free_actor;
    l->allocated_at = resolver_stack(r->resolver, record->allocated_at);
    l->freed_at = resolver_stack(r->resolver, record->freed_at);
    if (l->kind == GR__LOCATION_UNKNOWN) resolver_variable(r->resolver, f, l);
    if (l->kind == GR__LOCATION_TLS)
        resolver_thread_local(r->resolver, f, l, record->module, record->offset);
    if (r->settings.live && (l->kind == GR__LOCATION_UNKNOWN || l->kind == GR__LOCATION_MAPPING))
        maps_look(r->pid, f, l);
}

static void on_lock(reports *r, report_finding *f, const gr__rec_lock *record) {
    if (report_lock_of(f, record->address)) return;
    report_lock *l = report_grow(f, (void **)&f->locks, &f->lock_count, sizeof *l);
    l->address = record->address;
    l->kind = (unsigned)record->kind;
    l->holder = record->holder;
    l->flags = (unsigned)record->flags;
    l->taken_at = resolver_stack(r->resolver, record->taken_at);
    l->location = (report_location){.known = true, .address = record->address, .low = record->low,
                                    .size = record->size, .actor = record->allocator,
                                    .kind = record->size ? GR__LOCATION_HEAP : GR__LOCATION_UNKNOWN,
                                    .allocated_at = resolver_stack(r->resolver, record->allocated_at)};
    if (!record->size) resolver_variable(r->resolver, f, &l->location);
}

static void on_lock_step(reports *r, report_finding *f, const gr__rec_lock_step *record) {
    report_lock_step *s = report_grow(f, (void **)&f->steps, &f->step_count, sizeof *s);
    *s = (report_lock_step){record->actor, record->held, record->wanted, (unsigned)record->held_flags,
                            (unsigned)record->wanted_flags, resolver_stack(r->resolver, record->held_at),
                            resolver_stack(r->resolver, record->wanted_at)};
}

static void on_select_case(reports *r, report_finding *f, const gr__rec_select_case *record) {
    if (!f->actor_count) return;
    report_actor *a = &f->actors[f->actor_count - 1];
    report_case *c = report_grow(f, (void **)&a->cases, &a->case_count, sizeof *c);
    c->index = record->index;
    c->send = record->send != 0;
    c->name = text_or_null(f, record->name);
    c->channel = (report_object){record->channel, 0, (unsigned)record->channel_state,
                                 (unsigned)record->origin, record->length, record->capacity,
                                 resolver_stack(r->resolver, record->made_at), (unsigned)record->reach};
}

static void on_wait_object(reports *r, report_finding *f, const gr__rec_wait_object *record) {
    if (!f->actor_count) return;
    report_actor *a = &f->actors[f->actor_count - 1];
    a->has_object = true;
    a->object = (report_object){record->object, record->kind, (unsigned)record->state,
                                (unsigned)record->origin, record->length, record->capacity,
                                resolver_stack(r->resolver, record->made_at), (unsigned)record->reach};
}

static void on_past(reports *r, report_finding *f, const gr__rec_past *record) {
    report_past *p = report_grow(f, (void **)&f->pasts, &f->past_count, sizeof *p);
    *p = (report_past){(unsigned)record->kind, record->number, record->count, (unsigned)record->wait,
                       f->actor_count, resolver_stack(r->resolver, record->stack)};
}

static void on_os_thread(reports *r, report_finding *f, const gr__rec_os_thread *record) {
    (void)r;
    if (!f->actor_count) return;
    report_actor *a = &f->actors[f->actor_count - 1];
    a->tid = record->tid;
    a->call = record->call;
    a->futex = record->object;
    a->futex_word = (uint32_t)record->word;
    a->futex_owner = (uint32_t)record->owner;
}

static void on_holder(reports *r, report_finding *f, const gr__rec_holder *record) {
    (void)r;
    if (f->actor_count) f->actors[f->actor_count - 1].holder = record->actor;
}

/* The name of the variable at address, with its part; NULL: none is known. */
static const char *variable_at(reports *r, report_finding *f, uint64_t address) {
    report_location l = {.address = address, .kind = GR__LOCATION_UNKNOWN};
    resolver_variable(r->resolver, f, &l);
    return l.member ? l.member : l.name;
}

static void on_member(reports *r, report_finding *f, const gr__rec_member *record) {
    if (!f->actor_count) return;
    report_actor *a = &f->actors[f->actor_count - 1];
    a->member = true;
    a->listed = record->listed != 0;
    a->next = record->next;
    a->skipped = record->skipped;
    a->like_it = record->like_it;
    if (a->has_object) a->object_name = variable_at(r, f, a->object.address);
}

static void on_hold(reports *r, report_finding *f, const gr__rec_hold *record) {
    if (!f->actor_count) return;
    report_actor *a = &f->actors[f->actor_count - 1];
    report_hold *h = report_grow(f, (void **)&a->holds, &a->hold_count, sizeof *h);
    *h = (report_hold){record->object, (unsigned)record->kind, (record->flags & 1) != 0,
                       variable_at(r, f, record->object), resolver_stack(r->resolver, record->taken_at)};
}

static void on_note(reports *r, report_finding *f, const gr__rec_note *record) {
    (void)r;
    const char **note = report_grow(f, (void **)&f->notes, &f->note_count, sizeof *note);
    *note = report_text(f, record->text.text, record->text.length);
}

void reports_record(reports *r, uint32_t id, const char *bytes, size_t length) {
    union {
#define RECORD(number, NAME, name, fields) gr__rec_##name name;
#include "runtime/vocab/record.def"
#undef RECORD
    } u;
#define READ(name) gr__get_##name(bytes, length, &u.name)
    switch (id) {
    case GR__RECORD_HELLO:
        if (READ(hello)) on_hello(r, &u.hello);
        return;
    case GR__RECORD_MODULE:
        if (READ(module)) resolver_module(r->resolver, &u.module);
        return;
    case GR__RECORD_FINDING:
        if (READ(finding)) on_finding(r, &u.finding);
        return;
    case GR__RECORD_SUMMARY:
        if (READ(summary)) {
            r->totals = u.summary;
            r->has_totals = true;
        }
        return;
    case GR__RECORD_SUPPRESSIONS:
        if (!r->has_built_in && READ(suppressions))
            suppressions_add(&r->suppressions, u.suppressions.text.text, u.suppressions.text.length);
        r->has_built_in = true; /* they come again with each finding */
        return;
    case GR__RECORD_FINDING_END:
        settle(r);
        if (r->open) take(r, r->open);
        r->open = NULL;
        return;
    default: break;
    }
    if (!r->open) return; /* the rest has a meaning in a group only */
    switch (id) {
#define IN_GROUP(NAME, name)                                                                     \
    case GR__RECORD_##NAME:                                                                      \
        if (READ(name)) on_##name(r, r->open, &u.name);                                          \
        return;
        IN_GROUP(ACCESS, access)
        IN_GROUP(ACTOR, actor)
        IN_GROUP(LOCATION, location)
        IN_GROUP(SELECT_CASE, select_case)
        IN_GROUP(WAIT_OBJECT, wait_object)
        IN_GROUP(MEMBER, member)
        IN_GROUP(HOLD, hold)
        IN_GROUP(NOTE, note)
        IN_GROUP(PAST, past)
        IN_GROUP(LOCK, lock)
        IN_GROUP(LOCK_STEP, lock_step)
        IN_GROUP(REGISTERS, registers)
        IN_GROUP(MEMORY, memory)
        IN_GROUP(OS_THREAD, os_thread)
        IN_GROUP(HOLDER, holder)
    default: return; /* of a later version */
    }
#undef IN_GROUP
#undef READ
}

report_finding *reports_dump(reports *r) {
    settle(r);
    return r->open;
}

resolver *reports_resolver(reports *r) { return r->resolver; }

unsigned reports_message(reports *r, const char *bytes, size_t length) {
    unsigned ended = 0;
    while (length >= 8) {
        uint32_t id, n;
        memcpy(&id, bytes, 4);
        memcpy(&n, bytes + 4, 4);
        if (n > length - 8) break;
        reports_record(r, id, bytes + 8, n);
        if (id == GR__RECORD_FINDING_END) ended++;
        bytes += 8 + (size_t)n;
        length -= 8 + (size_t)n;
    }
    return ended;
}

bool reports_load(reports *r, const char *path, const char **error) {
    report_finding *f;
    if (!reports_json_read(path, &f, error)) return false;
    while (f) {
        report_finding *next = f->next;
        f->next = NULL;
        take(r, f);
        f = next;
    }
    return true;
}

bool reports_finish(reports *r, const char **error) {
    if (r->open) { /* the program was killed while it told us */
        settle(r);
        take(r, r->open);
        r->open = NULL;
    }
    if (!streamed(r->settings.format)) reports_json_document(output(r), r->first, r->has_totals ? &r->totals : NULL);
    if (!r->out) return true;
    bool ok = fflush(r->out) == 0 && !ferror(r->out);
    if (r->temporary && ok) ok = rename(r->temporary, r->target) == 0;
    if (!ok) {
        snprintf(r->error, sizeof r->error, "can't write %s: %s",
                 r->settings.output ? r->settings.output : "the reports", strerror(errno));
        *error = r->error;
        return false;
    }
    free(r->temporary);
    r->temporary = NULL;
    return true;
}

void reports_free(reports *r) {
    if (!r) return;
    if (r->temporary) unlink(r->temporary);
    free(r->temporary);
    free(r->target);
    if (r->out && r->out != stderr && r->out != stdout) fclose(r->out);
    while (r->first) {
        report_finding *next = r->first->next;
        report_finding_free(r->first);
        r->first = next;
    }
    report_finding_free(r->open);
    unwinder_free(r->unwinder);
    resolver_free(r->resolver);
    suppressions_free(r->suppressions);
    free(r->program);
    free(r->summary);
    free(r);
}

bool reports_left_out(const reports *r) { return r->left_out; }

void reports_tell_suppressions(const reports *r) {
    if (r->suppressions) suppressions_tell(r->suppressions, stderr);
}

bool reports_started(const reports *r) { return r->hello; }
uint64_t reports_pid(const reports *r) { return r->pid; }

static uint64_t count_of(const reports *r, const char *word) {
    uint64_t n = 0;
#define FINDING(id, NAME, fail_on, rule, level, headline)                                        \
    if (strcmp(fail_on, word) == 0) n += r->counts[id];
#include "runtime/vocab/finding.def"
#undef FINDING
    return n;
}

uint64_t reports_races(const reports *r) { return count_of(r, "race"); }

void reports_conclude(reports *r) {
    if (reports_races(r)) fprintf(output(r), "Found %" PRIu64 " data race(s)\n", reports_races(r));
}

bool reports_failing(const reports *r) {
    for (size_t i = 0; i < sizeof words / sizeof words[0]; i++)
        if (r->settings.fail_on >> i & 1 && count_of(r, words[i])) return true;
    return false;
}

static void say(FILE *out, uint64_t n, const char *one, const char *many) {
    if (!n) return;
    fprintf(out, "%s%" PRIu64 " %s", ftell(out) > 0 ? ", " : "", n, n == 1 ? one : many);
}

static void say_share(FILE *out, double percent) {
    if (percent < 0.01) fputs(", sampled: less than 0.01 % of accesses seen", out);
    else fprintf(out, percent < 10 ? ", sampled: %.2g %% of accesses seen"
                                   : ", sampled: %.0f %% of accesses seen", percent);
}

const char *reports_summary(reports *r, bool *nothing) {
    static const char *const nouns[][2] = {{"data race", "data races"}, {"deadlock", "deadlocks"},
        {"goroutine leak", "goroutine leaks"}, {"lock order inversion", "lock order inversions"},
        {"misuse", "misuses"}};
    free(r->summary);
    size_t length;
    FILE *out = open_memstream(&r->summary, &length);
    if (!out) abort();
    for (size_t i = 0; i < sizeof words / sizeof words[0]; i++)
        say(out, count_of(r, words[i]), nouns[i][0], nouns[i][1]);
#define FINDING(id, NAME, fail_on, rule, level, headline)                                        \
    if (!*fail_on && strcmp(level, "error") == 0)                                                \
        say(out, r->counts[id], strncmp(headline, "panic", 5) ? "fatal error" : "panic",         \
            strncmp(headline, "panic", 5) ? "fatal errors" : "panics");
#include "runtime/vocab/finding.def"
#undef FINDING
    *nothing = ftell(out) <= 0;
    if (*nothing) fputs("nothing found", out);
    if (r->suppressed) fprintf(out, ", %" PRIu64 " suppressed", r->suppressed);
    if (r->program) fprintf(out, " in %s", r->program);
    if (r->pid) fprintf(out, " (pid %" PRIu64 ")", r->pid);
    if (*nothing && r->has_totals) {
        fputs(":", out);
        fprintf(out, " %" PRIu64 " %s, %" PRIu64 " synchronisations", r->totals.actors,
                r->totals.actors == 1 ? "goroutine or thread" : "goroutines and threads",
                r->totals.synchronisations);
    }
    if (r->has_totals && r->totals.sampled_of)
        say_share(out, 100.0 * (double)r->totals.sampled_seen / (double)r->totals.sampled_of);
    fclose(out);
    return r->summary;
}
