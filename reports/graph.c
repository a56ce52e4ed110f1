/* graph.c - what waits for what: from goroutines and threads to channels, locks and threads, and from locks to
 * who holds them. Those who wait at the same place for the same thing are one node. */
#include "reports/output.h"

#include "runtime/inspect/record.h"
#include "runtime/vocab/wait.h"

#include <inttypes.h>
#include <jansson.h>
#include <string.h>

typedef struct edge {
    size_t from;            /* index of an actor: the first of its crowd */
    const report_object *to;
    const char *name;       /* of the variable that it is; NULL: not known */
    unsigned wait;
    bool nil, select, send;
    uint64_t index;         /* of a select's case */
} edge;

typedef struct graph {
    const report_finding *f;
    report_crowd crowd;
    bool *shown;            /* by actor: it is a node */
    uint64_t *objects;      /* those that are nodes already: hash table of addresses */
    size_t room, used;
    void (*visit)(struct graph *g, const edge *e);
    FILE *out;
    bool any;               /* something was put */
} graph;

/* True: for the first time. */
static bool meet(graph *g, uint64_t address) {
    if (2 * (g->used + 1) > g->room) {
        size_t n = g->room, room = n ? 2 * n : 256;
        uint64_t *old = g->objects;
        g->objects = calloc(room, sizeof *g->objects);
        if (!g->objects) abort();
        g->room = room;
        g->used = 0;
        for (size_t i = 0; i < n; i++)
            if (old[i]) meet(g, old[i]);
        free(old);
    }
    size_t at = (size_t)(address * UINT64_C(0x9e3779b97f4a7c15) >> 20) & (g->room - 1);
    while (g->objects[at] && g->objects[at] != address) at = (at + 1) & (g->room - 1);
    if (g->objects[at]) return false;
    g->objects[at] = address;
    g->used++;
    return true;
}

static bool is_nil_wait(unsigned wait) { return wait == GR__WAIT_CHAN_RECEIVE_NIL || wait == GR__WAIT_CHAN_SEND_NIL; }
static bool is_channel_wait(unsigned wait) { return wait == GR__WAIT_CHAN_RECEIVE || wait == GR__WAIT_CHAN_SEND; }

static void each_edge(graph *g) {
    for (size_t i = 0; i < g->f->actor_count; i++) {
        const report_actor *a = &g->f->actors[i];
        if (g->crowd.first[i] != i) continue;
        for (size_t n = 0; n < a->case_count; n++) {
            const report_case *c = &a->cases[n];
            edge e = {i, &c->channel, c->name, a->wait, c->channel.state == GR__CHANNEL_NIL, true, c->send, c->index};
            g->visit(g, &e);
        }
        if (!a->case_count && (a->has_object || is_nil_wait(a->wait))) {
            edge e = {i, &a->object, a->object_name, a->wait, is_nil_wait(a->wait), false,
                      a->wait == GR__WAIT_CHAN_SEND || a->wait == GR__WAIT_CHAN_SEND_NIL, 0};
            g->visit(g, &e);
        }
    }
}

static size_t node_of(const graph *g, uint64_t actor) {
    for (size_t i = 0; i < g->f->actor_count; i++)
        if (g->f->actors[i].id == actor) return g->crowd.first[i];
    return SIZE_MAX;
}

static char *edge_words(const edge *e) {
    char *words = NULL;
    bool channel = e->select || e->nil || is_channel_wait(e->wait);
    const char *what = !channel ? report_wait_words(e->wait) : e->send ? "send" : "receive";
    int ok = e->select ? asprintf(&words, "case %" PRIu64 ": %s", e->index, what) : asprintf(&words, "%s", what);
    if (ok < 0) abort();
    return words;
}

/* --- Graphviz --- */

static void put_quoted(FILE *out, const char *text) {
    for (; *text; text++) {
        if (*text == '"' || *text == '\\') fputc('\\', out);
        if (*text == '\n') fputs("\\n", out);
        else fputc(*text, out);
    }
}

/* The innermost place that is the program's own. */
static const report_frame *own_frame(const report_actor *a) {
    static const char doors[] = GORACE_SOURCE_DIR "/detector/";
    for (size_t i = 0; i < a->stack.count; i++) {
        const report_frame *f = &a->stack.frames[i];
        if (f->file && f->file[0] == '/' && strncmp(f->file, doors, sizeof doors - 1) != 0) return f;
    }
    return a->stack.count ? &a->stack.frames[0] : NULL;
}

static void actor_node(graph *g, size_t i) {
    const report_actor *a = &g->f->actors[i];
    if (g->shown[i]) return;
    g->shown[i] = true;
    fprintf(g->out, "  a%zu [label=\"", i);
    if (g->crowd.count[i] > 1) fprintf(g->out, "%zu %ss", g->crowd.count[i], report_actor_word(a->kind));
    else if (a->tid && a->kind == GR__RECORD_THREAD && a->tid != a->number)
        fprintf(g->out, "thread T%" PRIu64 " (%" PRIu64 ")", a->number, a->tid);
    else fprintf(g->out, "%s %" PRIu64, report_actor_word(a->kind), a->number);
    if (g->crowd.count[i] == 1 && a->name) {
        fputs(" '", g->out);
        put_quoted(g->out, a->name);
        fputc('\'', g->out);
    }
    fprintf(g->out, "\\n%s", reports_state_words(a));
    const report_frame *frame = own_frame(a);
    if (frame) {
        fputs("\\n", g->out);
        put_quoted(g->out, frame->function);
    }
    if (frame && frame->file) {
        fputs(" at ", g->out);
        put_quoted(g->out, frame->file);
        fprintf(g->out, ":%u", frame->line);
    }
    fputs("\"];\n", g->out);
}

static void object_node(graph *g, const edge *e) {
    const report_object *o = e->to;
    if (e->nil || e->wait == GR__WAIT_PTHREAD_JOIN || !meet(g, o->address)) return;
    bool channel = e->select || is_channel_wait(e->wait);
    fprintf(g->out, "  o%" PRIx64 " [shape=box, label=\"%s 0x%" PRIx64, o->address,
            channel ? "channel" : "lock", o->address);
    if (e->name) {
        fputs(" '", g->out);
        put_quoted(g->out, e->name);
        fputc('\'', g->out);
    }
    if (channel && o->capacity) fprintf(g->out, "\\n%" PRIu64 " of %" PRIu64 " buffered", o->length, o->capacity);
    if (channel && o->state != GR__CHANNEL_UNKNOWN)
        fputs(o->state == GR__CHANNEL_CLOSED ? "\\nclosed" : "\\nopen", g->out);
    if (o->made_at.count && o->made_at.frames[0].file) {
        fputs("\\nmade at ", g->out);
        put_quoted(g->out, o->made_at.frames[0].file);
        fprintf(g->out, ":%u", o->made_at.frames[0].line);
    }
    fputs("\"];\n", g->out);
}

static void dot_edge(graph *g, const edge *e) {
    const report_actor *a = &g->f->actors[e->from];
    actor_node(g, e->from);
    object_node(g, e);
    char *words = edge_words(e);
    size_t holder = a->holder && !e->select ? node_of(g, a->holder) : SIZE_MAX;
    if (holder != SIZE_MAX) actor_node(g, holder);
    if (e->nil) {
        fprintf(g->out, "  nil [shape=box, label=\"nil channel\"];\n  a%zu -> nil [label=\"%s\"];\n", e->from, words);
    } else if (e->wait == GR__WAIT_PTHREAD_JOIN) {
        if (holder != SIZE_MAX) fprintf(g->out, "  a%zu -> a%zu [label=\"%s\"];\n", e->from, holder, words);
    } else {
        fprintf(g->out, "  a%zu -> o%" PRIx64 " [label=\"%s\"];\n", e->from, e->to->address, words);
        if (holder != SIZE_MAX && meet(g, ~e->to->address))
            fprintf(g->out, "  o%" PRIx64 " -> a%zu [label=\"held by\", style=dashed];\n", e->to->address, holder);
    }
    free(words);
}

static graph graph_of(FILE *out, const report_finding *f, void (*visit)(graph *g, const edge *e)) {
    graph g = {.f = f, .crowd = report_crowd_of(f, true), .shown = calloc(f->actor_count + 1, sizeof(bool)),
               .visit = visit, .out = out};
    if (!g.shown) abort();
    return g;
}

static void graph_end(graph *g) {
    report_crowd_free(&g->crowd);
    free(g->shown);
    free(g->objects);
}

void reports_graph_dot(FILE *out, const report_finding *f) {
    graph g = graph_of(out, f, dot_edge);
    fputs("digraph goroutines {\n  rankdir=LR;\n  node [fontname=\"sans-serif\"];\n", out);
    each_edge(&g);
    fputs("}\n", out);
    graph_end(&g);
}

/* --- JSON: nodes are named as in the list of goroutines, objects by their address --- */

static void json_edge(graph *g, const edge *e) {
    const report_actor *a = &g->f->actors[e->from];
    char *words = edge_words(e);
    json_t *o = json_object();
    json_object_set_new(o, "from", json_integer((json_int_t)a->id));
    json_object_set_new(o, "count", json_integer((json_int_t)g->crowd.count[e->from]));
    json_object_set_new(o, "waits", json_string(words));
    if (e->select) json_object_set_new(o, "case", json_integer((json_int_t)e->index));
    json_object_set_new(o, "nil", json_boolean(e->nil));
    if (!e->nil && e->wait != GR__WAIT_PTHREAD_JOIN) json_object_set_new(o, "object", reports_json_object(e->to));
    if (e->name) json_object_set_new(o, "name", json_string(e->name));
    if (a->holder && !e->select) json_object_set_new(o, "held_by", json_integer((json_int_t)a->holder));
    fputs(g->any ? ",\n  " : "\n  ", g->out);
    json_dumpf(o, g->out, JSON_COMPACT);
    json_decref(o);
    free(words);
    g->any = true;
}

void reports_graph_json(FILE *out, const report_finding *f) {
    graph g = graph_of(out, f, json_edge);
    fputs("\"edges\": [", out);
    each_edge(&g);
    fputs("\n]", out);
    graph_end(&g);
}
