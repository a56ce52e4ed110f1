/* load.c - findings from a JSON document that json.c wrote. Missing fields are taken as not known. */
#include "reports/output.h"
#include "runtime/inspect/record.h"

#include <jansson.h>
#include <limits.h>
#include <string.h>

static const char *text_of(report_finding *f, const json_t *o, const char *key) {
    const json_t *value = json_object_get(o, key);
    return json_is_string(value)
               ? report_text(f, json_string_value(value), json_string_length(value)) : NULL;
}

static uint64_t number_of(const json_t *o, const char *key) {
    const json_t *value = json_object_get(o, key);
    if (json_is_string(value)) return strtoull(json_string_value(value), NULL, 0);
    return (uint64_t)json_integer_value(value);
}

static bool is(const json_t *o, const char *key, const char *word) {
    const char *value = json_string_value(json_object_get(o, key));
    return value && strcmp(value, word) == 0;
}

static report_stack stack_of(report_finding *f, const json_t *o, const char *key) {
    report_stack s = {NULL, 0};
    size_t i;
    json_t *frame;
    json_array_foreach(json_object_get(o, key), i, frame) {
        report_frame *to = report_grow(f, (void **)&s.frames, &s.count, sizeof *to);
        to->function = text_of(f, frame, "function");
        if (!to->function) to->function = "??";
        to->file = text_of(f, frame, "file");
        to->module = text_of(f, frame, "module");
        to->line = (unsigned)number_of(frame, "line");
        to->offset = number_of(frame, "offset");
        to->pc = number_of(frame, "pc");
    }
    return s;
}

static unsigned reach_of(const json_t *o) {
    for (unsigned i = 1; report_reach_word(i); i++)
        if (is(o, "reach", report_reach_word(i))) return i;
    return 0;
}

static report_object object_of(report_finding *f, const json_t *o) {
    return (report_object){number_of(o, "address"), number_of(o, "kind"),
                           (unsigned)number_of(o, "state"), (unsigned)number_of(o, "origin"),
                           number_of(o, "length"), number_of(o, "capacity"), stack_of(f, o, "made_at"), reach_of(o)};
}

static void load_past(report_finding *f, const json_t *o) {
    const char *name = json_string_value(json_object_get(o, "kind"));
    unsigned kind;
    if (!name || !report_past_named(name, &kind)) return;
    report_past *p = report_grow(f, (void **)&f->pasts, &f->past_count, sizeof *p);
    *p = (report_past){kind, number_of(o, "number"), number_of(o, "count"), (unsigned)number_of(o, "wait"),
                       number_of(o, "actors"), stack_of(f, o, "stack")};
}

static void load_actor(report_finding *f, const json_t *o) {
    report_actor a = {0};
    a.id = number_of(o, "id");
    a.kind = GR__RECORD_GOROUTINE;
    for (unsigned k = GR__RECORD_GOROUTINE; k <= GR__RECORD_FIBER; k++)
        if (is(o, "kind", report_actor_word(k))) a.kind = k;
    a.number = number_of(o, "number");
    a.name = text_of(f, o, "name");
    a.state = (unsigned)number_of(o, "state");
    a.wait = (unsigned)number_of(o, "wait");
    a.wait_ns = number_of(o, "wait_ns");
    a.creator = number_of(o, "creator");
    a.created_at = stack_of(f, o, "created_at");
    a.stack = stack_of(f, o, "stack");
    a.elided = number_of(o, "elided");
    a.elided_at = number_of(o, "elided_at");
    a.tid = number_of(o, "tid");
    a.holder = number_of(o, "held_by");
    const json_t *object = json_object_get(o, "object");
    a.has_object = object != NULL;
    if (object) a.object = object_of(f, object);
    a.object_name = text_of(f, o, "object_name");
    a.member = json_object_get(o, "waits_for") != NULL;
    a.listed = json_is_true(json_object_get(o, "listed"));
    a.next = number_of(o, "waits_for");
    a.skipped = number_of(o, "skipped");
    a.like_it = number_of(o, "like_it");
    size_t i;
    json_t *item;
    json_array_foreach(json_object_get(o, "holds"), i, item) {
        report_hold *h = report_grow(f, (void **)&a.holds, &a.hold_count, sizeof *h);
        *h = (report_hold){number_of(item, "address"), (unsigned)number_of(item, "kind"),
                           json_is_true(json_object_get(item, "reads")), text_of(f, item, "name"),
                           stack_of(f, item, "taken_at")};
    }
    json_array_foreach(json_object_get(o, "cases"), i, item) {
        report_case *c = report_grow(f, (void **)&a.cases, &a.case_count, sizeof *c);
        c->index = number_of(item, "index");
        c->send = json_is_true(json_object_get(item, "send"));
        c->name = text_of(f, item, "name");
        c->channel = object_of(f, json_object_get(item, "channel"));
    }
    report_actor *to = report_grow(f, (void **)&f->actors, &f->actor_count, sizeof *to);
    *to = a;
}

static void load_location(report_finding *f, const json_t *o, report_location *l) {
    static const char *const kinds[] = {"unknown", "global", "heap", "stack", "tls", "channel", "mapping"};
    l->known = true;
    for (unsigned i = 0; i < sizeof kinds / sizeof kinds[0]; i++)
        if (is(o, "kind", kinds[i])) l->kind = i;
    l->address = number_of(o, "address");
    l->low = number_of(o, "low");
    l->size = number_of(o, "size");
    l->actor = number_of(o, "actor");
    l->free_actor = number_of(o, "free_actor");
    l->name = text_of(f, o, "name");
    l->member = text_of(f, o, "member");
    l->type = text_of(f, o, "type");
    l->path = text_of(f, o, "path");
    l->file = text_of(f, o, "file");
    l->module = text_of(f, o, "module");
    l->line = (unsigned)number_of(o, "line");
    l->allocated_at = stack_of(f, o, "allocated_at");
    l->freed_at = stack_of(f, o, "freed_at");
}

static void load_locks(report_finding *f, const json_t *o) {
    size_t i;
    json_t *item;
    json_array_foreach(json_object_get(o, "locks"), i, item) {
        report_lock l = {.address = number_of(item, "address"), .holder = number_of(item, "holder"),
                         .kind = (unsigned)number_of(item, "kind"), .flags = (unsigned)number_of(item, "flags"),
                         .taken_at = stack_of(f, item, "taken_at")};
        load_location(f, json_object_get(item, "location"), &l.location);
        report_lock *to = report_grow(f, (void **)&f->locks, &f->lock_count, sizeof *to);
        *to = l;
    }
    json_array_foreach(json_object_get(o, "steps"), i, item) {
        report_lock_step s = {number_of(item, "actor"), number_of(item, "held"), number_of(item, "wanted"),
                              (unsigned)number_of(item, "held_flags"), (unsigned)number_of(item, "wanted_flags"),
                              stack_of(f, item, "held_at"), stack_of(f, item, "wanted_at")};
        report_lock_step *to = report_grow(f, (void **)&f->steps, &f->step_count, sizeof *to);
        *to = s;
    }
}

static report_finding *load_finding(const json_t *o) {
    const char *name = json_string_value(json_object_get(o, "kind"));
    const report_kind *kind = name ? report_kind_named(name) : NULL;
    if (!kind) return NULL;
    report_finding *f = report_finding_new(kind->id);
    const char *message = text_of(f, o, "message");
    if (message) f->message = message;
    size_t i;
    json_t *item;
    json_array_foreach(json_object_get(o, "accesses"), i, item) {
        report_access *a = report_grow(f, (void **)&f->accesses, &f->access_count, sizeof *a);
        *a = (report_access){is(item, "order", "previous"), (unsigned)number_of(item, "flags"),
                             number_of(item, "address"), number_of(item, "size"),
                             number_of(item, "actor"), stack_of(f, item, "stack")};
    }
    json_array_foreach(json_object_get(o, "actors"), i, item) load_actor(f, item);
    json_array_foreach(json_object_get(o, "notes"), i, item) {
        if (!json_is_string(item)) continue;
        const char **note = report_grow(f, (void **)&f->notes, &f->note_count, sizeof *note);
        *note = report_text(f, json_string_value(item), json_string_length(item));
    }
    json_array_foreach(json_object_get(o, "past"), i, item) load_past(f, item);
    const json_t *location = json_object_get(o, "location");
    if (location) load_location(f, location, &f->location);
    load_locks(f, o);
    return f;
}

bool reports_json_read(const char *path, report_finding **first, const char **error) {
    static char sentence[PATH_MAX + JSON_ERROR_TEXT_LENGTH + 64];
    json_error_t why;
    json_t *document = json_load_file(path, 0, &why);
    const json_t *findings = json_object_get(document, "findings");
    *first = NULL;
    if (!document)
        snprintf(sentence, sizeof sentence, "can't read findings from %s: %s", path, why.text);
    else if (!json_is_array(findings) || !is(document, "tool", "gorace"))
        snprintf(sentence, sizeof sentence, "%s holds no findings: make one with 'gorace run "
                 "--format=json -o FILE'", path);
    else if (number_of(document, "version") != 1)
        snprintf(sentence, sizeof sentence, "%s was written by another version of gorace", path);
    else {
        size_t i;
        json_t *item;
        json_array_foreach(findings, i, item) {
            *first = load_finding(item);
            if (*first) first = &(*first)->next;
        }
        json_decref(document);
        return true;
    }
    json_decref(document);
    *error = sentence;
    return false;
}
