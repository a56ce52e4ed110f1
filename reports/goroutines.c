/* goroutines.c - the goroutines and threads of a program in the forms of `gorace goroutines`: one by one, in
 * groups, as a graph, as JSON. They are the actors of the group of records that was begun last. */
#include "reports/output.h"
#include "reports/reports.h"
#include "reports/resolve.h"

#include "runtime/vocab/wait.h"

#include <errno.h>
#include <inttypes.h>
#include <jansson.h>
#include <string.h>

/* --- what threads wait for, by the function of libc that they are in --- */

static const struct {
    const char *function;
    unsigned wait;
} functions[] = {
    {"pthread_mutex_lock", GR__WAIT_PTHREAD_MUTEX_LOCK},
    {"pthread_mutex_timedlock", GR__WAIT_PTHREAD_MUTEX_LOCK},
    {"pthread_mutex_clocklock", GR__WAIT_PTHREAD_MUTEX_LOCK},
    {"mtx_lock", GR__WAIT_PTHREAD_MUTEX_LOCK},
    {"pthread_cond_wait", GR__WAIT_PTHREAD_COND_WAIT},
    {"pthread_cond_timedwait", GR__WAIT_PTHREAD_COND_WAIT},
    {"pthread_cond_clockwait", GR__WAIT_PTHREAD_COND_WAIT},
    {"cnd_wait", GR__WAIT_PTHREAD_COND_WAIT},
    {"pthread_join", GR__WAIT_PTHREAD_JOIN},
    {"pthread_timedjoin_np", GR__WAIT_PTHREAD_JOIN},
    {"pthread_clockjoin_np", GR__WAIT_PTHREAD_JOIN},
    {"pthread_clockjoin_ex", GR__WAIT_PTHREAD_JOIN},
    {"thrd_join", GR__WAIT_PTHREAD_JOIN},
    {"pthread_rwlock_rdlock", GR__WAIT_PTHREAD_RWLOCK_RDLOCK},
    {"pthread_rwlock_timedrdlock", GR__WAIT_PTHREAD_RWLOCK_RDLOCK},
    {"pthread_rwlock_wrlock", GR__WAIT_PTHREAD_RWLOCK_WRLOCK},
    {"pthread_rwlock_timedwrlock", GR__WAIT_PTHREAD_RWLOCK_WRLOCK},
    {"pthread_barrier_wait", GR__WAIT_PTHREAD_BARRIER_WAIT},
    {"sem_wait", GR__WAIT_SEM_WAIT},
    {"new_sem_wait", GR__WAIT_SEM_WAIT},
    {"new_sem_wait_slow64", GR__WAIT_SEM_WAIT},
    {"sem_timedwait", GR__WAIT_SEM_WAIT},
    {"sem_clockwait", GR__WAIT_SEM_WAIT}};

/* The same function, whatever its aliases and its clones are called. */
static bool same_function(const char *a, const char *b) {
    a += strspn(a, "_");
    b += strspn(b, "_");
    size_t n = strcspn(a, ".");
    return n == strcspn(b, ".") && memcmp(a, b, n) == 0;
}

/* Frames further in than the call are of no interest. */
static void cut_to(report_actor *a, size_t at) {
    enum { DOOR = 4 };
    size_t door = at; /* a door bears the name of what it calls, some frames further in */
    for (size_t i = at + 1; i < a->stack.count && i < at + DOOR; i++)
        if (same_function(a->stack.frames[at].function, a->stack.frames[i].function)) door = i;
    at = door;
    a->stack.frames += at;
    a->stack.count -= at;
    if (a->elided_at > at) a->elided_at -= at;
}

static unsigned wait_of(report_actor *a) {
    enum { DEEPEST = 8 };
    for (size_t i = 0; i < a->stack.count && i < DEEPEST; i++) {
        for (size_t k = 0; k < sizeof functions / sizeof functions[0]; k++) {
            if (!same_function(a->stack.frames[i].function, functions[k].function)) continue;
            cut_to(a, i);
            return functions[k].wait;
        }
    }
    return GR__WAIT_CALL;
}

/* The actor that a thread of the kernel is, or runs. */
static uint64_t actor_on(const report_finding *f, uint64_t tid) {
    for (size_t i = 0; tid && i < f->actor_count; i++)
        if (f->actors[i].tid == tid) return f->actors[i].id;
    return 0;
}

/* libc's locks begin with the word that their futex is, but for condition variables and rwlocks. */
static void find_wait(report_finding *f, report_actor *a) {
    enum { TID = 0x3fffffff };
    if (!a->call || a->state != GR__STATE_RUNNING) return;
    unsigned wait = a->futex ? wait_of(a) : GR__WAIT_CALL;
    if (wait == GR__WAIT_CALL && a->futex && a->kind == GR__RECORD_GOROUTINE) return; /* it wakes somebody */
    a->state = GR__STATE_WAITING;
    a->wait = wait;
    if (wait == GR__WAIT_CALL) return;
    uint64_t object = a->futex;
    if (a->wait == GR__WAIT_PTHREAD_JOIN) object = a->futex_word;
    if (a->wait == GR__WAIT_PTHREAD_MUTEX_LOCK) a->holder = actor_on(f, a->futex_owner & TID);
    if (a->wait == GR__WAIT_PTHREAD_JOIN) a->holder = actor_on(f, a->futex_word & TID);
    a->has_object = object != 0;
    a->object = (report_object){.address = object, .kind = a->wait, .state = GR__CHANNEL_OPEN};
}

/* A thread of libc's own, or of a runtime that is not told apart: no frame is the program's. */
static bool is_of_libc(const report_actor *a) {
    if (a->kind != GR__RECORD_THREAD || !a->stack.count || a->elided) return false;
    for (size_t i = 0; i < a->stack.count; i++) {
        const char *module = a->stack.frames[i].module;
        const char *name = module ? strrchr(module, '/') : NULL;
        if (!name || (strncmp(name, "/libc.so", 8) != 0 && strncmp(name, "/libc-", 6) != 0)) return false;
    }
    return true;
}

static void leave_out(report_finding *f) {
    size_t kept = 0;
    for (size_t i = 0; i < f->actor_count; i++)
        if (!is_of_libc(&f->actors[i])) f->actors[kept++] = f->actors[i];
    f->actor_count = kept;
}

/* --- names of what is waited for --- */

typedef struct name_entry { uint64_t address; const char *name; } name_entry;
typedef struct names { name_entry *entries; size_t room, used; } names;

static name_entry *entry_of(names *n, uint64_t address) {
    size_t at = (size_t)(address * UINT64_C(0x9e3779b97f4a7c15) >> 20) & (n->room - 1);
    while (n->entries[at].address && n->entries[at].address != address) at = (at + 1) & (n->room - 1);
    return &n->entries[at];
}

static name_entry *enter(names *n, uint64_t address) {
    if (2 * (n->used + 1) > n->room) {
        names bigger = {NULL, n->room ? 2 * n->room : 256, n->used};
        bigger.entries = calloc(bigger.room, sizeof *bigger.entries);
        if (!bigger.entries) abort();
        for (size_t i = 0; i < n->room; i++)
            if (n->entries[i].address) *entry_of(&bigger, n->entries[i].address) = n->entries[i];
        free(n->entries);
        *n = bigger;
    }
    return entry_of(n, address);
}

/* Of a variable, and the part of it. */
static void name_object(reports *r, report_finding *f, names *n, report_actor *a) {
    const report_object *o = &a->object;
    if (!o->address || o->kind == GR__WAIT_PTHREAD_JOIN) return;
    name_entry *e = enter(n, o->address);
    if (!e->address) {
        report_location l = {.kind = GR__LOCATION_UNKNOWN, .address = o->address};
        resolver_variable(reports_resolver(r), f, &l);
        *e = (name_entry){o->address, l.kind == GR__LOCATION_GLOBAL && l.member ? l.member : l.name};
        n->used++;
    }
    a->object_name = e->name;
}

static void name_objects(reports *r, report_finding *f) {
    names n = {0};
    for (size_t i = 0; i < f->actor_count; i++)
        if (f->actors[i].has_object) name_object(r, f, &n, &f->actors[i]);
    free(n.entries);
}

/* --- groups --- */

typedef struct group { const report_actor *first; size_t count, index; uint64_t shortest, longest; } group;

static int larger_first(const void *a, const void *b) {
    const group *x = a, *y = b;
    if (x->count != y->count) return x->count > y->count ? -1 : 1;
    return x->index < y->index ? -1 : x->index > y->index;
}

/* In order, the largest first; *out has them by their first actor too. */
static size_t groups_of(const report_finding *f, const report_crowd *c, group **out) {
    size_t n = 0, *place = calloc(f->actor_count + 1, sizeof *place);
    group *all = calloc(f->actor_count + 1, sizeof *all);
    if (!place || !all) abort();
    for (size_t i = 0; i < f->actor_count; i++) {
        const report_actor *a = &f->actors[i];
        if (c->first[i] == i) {
            place[i] = n;
            all[n++] = (group){a, 0, i, a->wait_ns, a->wait_ns};
        }
        group *g = &all[place[c->first[i]]];
        g->count++;
        if (a->wait_ns < g->shortest) g->shortest = a->wait_ns;
        if (a->wait_ns > g->longest) g->longest = a->wait_ns;
    }
    free(place);
    qsort(all, n, sizeof *all, larger_first);
    *out = all;
    return n;
}

/* "3000 goroutines [chan receive, 2 to 5 minutes]:" */
static char *title_of(const group *g) {
    const uint64_t minute = UINT64_C(60000000000);
    uint64_t low = g->shortest / minute, high = g->longest / minute;
    char *title = NULL, since[64] = "";
    if (high && low == high) snprintf(since, sizeof since, ", %" PRIu64 " minutes", high);
    else if (high) snprintf(since, sizeof since, ", %" PRIu64 " to %" PRIu64 " minutes", low, high);
    if (asprintf(&title, "%zu %s%s [%s%s]:", g->count, report_actor_word(g->first->kind), g->count == 1 ? "" : "s",
                 reports_state_words(g->first), since) < 0)
        abort();
    return title;
}

static void put_numbers(FILE *out, const report_finding *f, const report_crowd *c, const group *g) {
    enum { SHOWN = 10 };
    size_t shown = 0;
    for (size_t i = g->index; i < f->actor_count && shown < SHOWN; i++) {
        if (c->first[i] != g->index) continue;
        fprintf(out, "%s%" PRIu64, shown ? ", " : "  ", f->actors[i].number);
        shown++;
    }
    fputs(shown < g->count ? " ...\n\n" : "\n\n", out);
}

static void put_groups(FILE *out, const report_finding *f) {
    report_crowd c = report_crowd_of(f, false);
    group *groups;
    size_t n = groups_of(f, &c, &groups);
    for (size_t i = 0; i < n; i++) {
        report_actor a = *groups[i].first;
        char *title = title_of(&groups[i]);
        if (groups[i].count > 1) { /* not everybody's */
            a.has_object = false;
            a.case_count = 0;
            a.name = NULL;
        }
        char *text = NULL;
        size_t length;
        FILE *one = open_memstream(&text, &length);
        if (!one) abort();
        reports_text_goroutine(one, &a, 0, title);
        fclose(one);
        fprintf(out, "%.*s", (int)(length - 1), text); /* numbers come before the empty line */
        put_numbers(out, f, &c, &groups[i]);
        free(text);
        free(title);
    }
    free(groups);
    report_crowd_free(&c);
}

/* --- JSON: an element at a time, as there may be a million --- */

static void put_json(FILE *out, json_t *value, bool first) {
    fputs(first ? "\n  " : ",\n  ", out);
    json_dumpf(value, out, JSON_COMPACT);
    json_decref(value);
}

static void put_json_actors(FILE *out, const report_finding *f) {
    fputs("\"goroutines\": [", out);
    for (size_t i = 0; i < f->actor_count; i++) put_json(out, reports_json_actor(&f->actors[i]), i == 0);
    fputs("\n]", out);
}

static void put_json_groups(FILE *out, const report_finding *f) {
    report_crowd c = report_crowd_of(f, false);
    group *groups;
    size_t n = groups_of(f, &c, &groups);
    fputs("\"groups\": [", out);
    for (size_t i = 0; i < n; i++) {
        json_t *o = json_object(), *like = reports_json_actor(groups[i].first), *numbers = json_array();
        for (size_t k = groups[i].index; k < f->actor_count; k++)
            if (c.first[k] == groups[i].index)
                json_array_append_new(numbers, json_integer((json_int_t)f->actors[k].number));
        json_object_set_new(o, "count", json_integer((json_int_t)groups[i].count));
        json_object_set_new(o, "numbers", numbers);
        json_object_set_new(o, "shortest_wait_ns", json_integer((json_int_t)groups[i].shortest));
        json_object_set_new(o, "longest_wait_ns", json_integer((json_int_t)groups[i].longest));
        json_object_set_new(o, "first", like);
        put_json(out, o, i == 0);
    }
    fputs("\n]", out);
    free(groups);
    report_crowd_free(&c);
}

static void put_document(FILE *out, const report_finding *f, const reports_goroutines *how) {
    json_t *head = json_object();
    json_object_set_new(head, "source", json_string(how->source));
    if (how->program) json_object_set_new(head, "program", json_string(how->program));
    if (how->stopped_ns) json_object_set_new(head, "stopped_ns", json_integer((json_int_t)how->stopped_ns));
    char *text = json_dumps(head, JSON_COMPACT);
    if (!text) abort();
    fprintf(out, "{\"version\": 1, \"tool\": \"gorace\", \"about\": %s,\n", text);
    free(text);
    json_decref(head);
    if (how->groups) put_json_groups(out, f);
    else put_json_actors(out, f);
    fputs(",\n", out);
    reports_graph_json(out, f);
    fputs("}\n", out);
}

/* --- */

static void put_text(FILE *out, const report_finding *f, const reports_goroutines *how) {
    enum { CROWD = 100 };
    size_t goroutines = 0;
    for (size_t i = 0; i < f->actor_count; i++) goroutines += f->actors[i].kind == GR__RECORD_GOROUTINE;
    size_t others = f->actor_count - goroutines;
    fprintf(out, "%s%s%s: %zu goroutine%s, %zu other thread%s\n\n", how->source, how->program ? " of " : "",
            how->program ? how->program : "", goroutines, goroutines == 1 ? "" : "s", others, others == 1 ? "" : "s");
    if (how->groups) put_groups(out, f);
    else reports_text_goroutines(out, f, how->each ? SIZE_MAX : CROWD);
}

bool reports_goroutines_print(reports *r, const reports_goroutines *how, FILE *out) {
    report_finding *f = reports_dump(r);
    if (!f) f = report_finding_new(0);
    for (size_t i = 0; i < f->actor_count; i++) find_wait(f, &f->actors[i]);
    leave_out(f);
    name_objects(r, f);
    if (how->form == REPORTS_GOROUTINES_DOT) reports_graph_dot(out, f);
    else if (how->form == REPORTS_GOROUTINES_JSON) put_document(out, f, how);
    else put_text(out, f, how);
    return fflush(out) == 0 && !ferror(out);
}
