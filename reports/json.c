/* json.c - the findings as one JSON document (jansson); load.c reads it again.
 *
 * {"version": 1, "tool": "gorace", "findings": [...]}. Addresses are strings "0x...": a JSON number
 * does not hold 64 bits everywhere. What is not known is left out.
 */
#include "reports/output.h"
#include "runtime/inspect/record.h"

#include <inttypes.h>
#include <jansson.h>
#include <string.h>

static json_t *hex(uint64_t value) {
    char text[24];
    snprintf(text, sizeof text, "0x%" PRIx64, value);
    return json_string(text);
}

static json_t *number(uint64_t value) { return json_integer((json_int_t)value); }

static void put_text(json_t *object, const char *key, const char *text) {
    if (text) json_object_set_new(object, key, json_stringn_nocheck(text, strlen(text)));
}

static json_t *stack(report_stack s) {
    json_t *list = json_array();
    for (size_t i = 0; i < s.count; i++) {
        const report_frame *f = &s.frames[i];
        json_t *frame = json_object();
        put_text(frame, "function", f->function);
        put_text(frame, "file", f->file);
        if (f->file) json_object_set_new(frame, "line", number(f->line));
        json_object_set_new(frame, "offset", number(f->offset));
        json_object_set_new(frame, "pc", hex(f->pc));
        put_text(frame, "module", f->module);
        json_array_append_new(list, frame);
    }
    return list;
}

static json_t *access_json(const report_access *a) {
    json_t *o = json_object();
    put_text(o, "order", a->previous ? "previous" : "present");
    put_text(o, "access", a->flags & GR__RECORD_WRITE ? "write" : "read");
    json_object_set_new(o, "atomic", json_boolean(a->flags & GR__RECORD_ATOMIC));
    json_object_set_new(o, "flags", number(a->flags));
    json_object_set_new(o, "address", hex(a->address));
    json_object_set_new(o, "size", number(a->size));
    json_object_set_new(o, "actor", number(a->actor));
    json_object_set_new(o, "stack", stack(a->stack));
    return o;
}

json_t *reports_json_object(const report_object *c) {
    json_t *o = json_object();
    json_object_set_new(o, "address", hex(c->address));
    json_object_set_new(o, "kind", number(c->kind));
    json_object_set_new(o, "state", number(c->state));
    json_object_set_new(o, "length", number(c->length));
    json_object_set_new(o, "capacity", number(c->capacity));
    json_object_set_new(o, "made_at", stack(c->made_at));
    json_object_set_new(o, "origin", number(c->origin));
    put_text(o, "reach", report_reach_word(c->reach));
    return o;
}

static json_t *past_json(const report_past *p) {
    json_t *o = json_object();
    put_text(o, "kind", report_past_name(p->kind));
    json_object_set_new(o, "number", number(p->number));
    json_object_set_new(o, "count", number(p->count));
    json_object_set_new(o, "wait", number(p->wait));
    json_object_set_new(o, "actors", number(p->actors));
    json_object_set_new(o, "stack", stack(p->stack));
    return o;
}

static json_t *holds_json(const report_actor *a) {
    json_t *list = json_array();
    for (size_t i = 0; i < a->hold_count; i++) {
        const report_hold *h = &a->holds[i];
        json_t *o = json_object();
        json_object_set_new(o, "address", hex(h->address));
        json_object_set_new(o, "kind", number(h->kind));
        put_text(o, "type", report_lock_type(h->kind));
        json_object_set_new(o, "reads", json_boolean(h->reads));
        put_text(o, "name", h->name);
        json_object_set_new(o, "taken_at", stack(h->taken_at));
        json_array_append_new(list, o);
    }
    return list;
}

json_t *reports_json_actor(const report_actor *a) {
    json_t *o = json_object();
    json_object_set_new(o, "id", number(a->id));
    put_text(o, "kind", report_actor_word(a->kind));
    json_object_set_new(o, "number", number(a->number));
    put_text(o, "name", a->name);
    json_object_set_new(o, "state", number(a->state));
    json_object_set_new(o, "wait", number(a->wait));
    if (a->state == GR__STATE_WAITING) put_text(o, "waits", report_wait_words(a->wait));
    json_object_set_new(o, "wait_ns", number(a->wait_ns));
    json_object_set_new(o, "creator", number(a->creator));
    json_object_set_new(o, "created_at", stack(a->created_at));
    json_object_set_new(o, "stack", stack(a->stack));
    if (a->elided) { /* how many: -1 when nobody knows */
        json_object_set_new(o, "elided", json_integer((json_int_t)a->elided));
        json_object_set_new(o, "elided_at", number(a->elided_at));
    }
    if (a->tid) json_object_set_new(o, "tid", number(a->tid));
    if (a->holder) json_object_set_new(o, "held_by", number(a->holder));
    if (a->has_object) json_object_set_new(o, "object", reports_json_object(&a->object));
    put_text(o, "object_name", a->object_name);
    if (a->member) {
        json_object_set_new(o, "waits_for", number(a->next));
        json_object_set_new(o, "listed", json_boolean(a->listed));
        json_object_set_new(o, "skipped", number(a->skipped));
        json_object_set_new(o, "like_it", number(a->like_it));
    }
    if (a->hold_count) json_object_set_new(o, "holds", holds_json(a));
    json_t *cases = json_array();
    for (size_t i = 0; i < a->case_count; i++) {
        json_t *c = json_object();
        json_object_set_new(c, "index", number(a->cases[i].index));
        json_object_set_new(c, "send", json_boolean(a->cases[i].send));
        put_text(c, "name", a->cases[i].name);
        json_object_set_new(c, "channel", reports_json_object(&a->cases[i].channel));
        json_array_append_new(cases, c);
    }
    json_object_set_new(o, "cases", cases);
    return o;
}

static json_t *location_json(const report_location *l) {
    static const char *const kinds[] = {"unknown", "global", "heap", "stack", "tls", "channel", "mapping"};
    json_t *o = json_object();
    put_text(o, "kind", kinds[l->kind < sizeof kinds / sizeof kinds[0] ? l->kind : 0]);
    json_object_set_new(o, "address", hex(l->address));
    json_object_set_new(o, "low", hex(l->low));
    json_object_set_new(o, "size", number(l->size));
    json_object_set_new(o, "actor", number(l->actor));
    json_object_set_new(o, "free_actor", number(l->free_actor));
    put_text(o, "name", l->name);
    put_text(o, "member", l->member);
    put_text(o, "type", l->type);
    put_text(o, "file", l->file);
    json_object_set_new(o, "line", number(l->line));
    put_text(o, "module", l->module);
    put_text(o, "path", l->path);
    json_object_set_new(o, "allocated_at", stack(l->allocated_at));
    json_object_set_new(o, "freed_at", stack(l->freed_at));
    return o;
}

static json_t *pasts_json(const report_finding *f) {
    json_t *list = json_array();
    for (size_t i = 0; i < f->past_count; i++) json_array_append_new(list, past_json(&f->pasts[i]));
    return list;
}

static json_t *lock_json(const report_lock *l) {
    json_t *o = json_object();
    json_object_set_new(o, "address", hex(l->address));
    put_text(o, "type", report_lock_type(l->kind));
    json_object_set_new(o, "kind", number(l->kind));
    json_object_set_new(o, "holder", number(l->holder));
    json_object_set_new(o, "flags", number(l->flags));
    json_object_set_new(o, "taken_at", stack(l->taken_at));
    json_object_set_new(o, "location", location_json(&l->location));
    return o;
}

static json_t *step_json(const report_lock_step *s) {
    json_t *o = json_object();
    json_object_set_new(o, "actor", number(s->actor));
    json_object_set_new(o, "held", hex(s->held));
    json_object_set_new(o, "held_flags", number(s->held_flags));
    json_object_set_new(o, "held_at", stack(s->held_at));
    json_object_set_new(o, "wanted", hex(s->wanted));
    json_object_set_new(o, "wanted_flags", number(s->wanted_flags));
    json_object_set_new(o, "wanted_at", stack(s->wanted_at));
    return o;
}

/* Lists that most findings do not have. */
static void put_locks(json_t *o, const report_finding *f) {
    json_t *locks = json_array(), *steps = json_array();
    for (size_t i = 0; i < f->lock_count; i++) json_array_append_new(locks, lock_json(&f->locks[i]));
    for (size_t i = 0; i < f->step_count; i++) json_array_append_new(steps, step_json(&f->steps[i]));
    if (f->lock_count) json_object_set(o, "locks", locks);
    if (f->step_count) json_object_set(o, "steps", steps);
    json_decref(locks);
    json_decref(steps);
}

static json_t *finding_json(const report_finding *f) {
    const report_kind *kind = report_kind_of(f->kind);
    char *headline = report_headline(f);
    json_t *o = json_object();
    put_text(o, "kind", kind ? kind->name : "UNKNOWN");
    put_text(o, "rule", kind ? kind->rule : "");
    put_text(o, "level", kind ? kind->level : "warning");
    put_text(o, "fail_on", kind ? kind->fail_on : "");
    put_text(o, "headline", headline);
    put_text(o, "message", f->message);
    free(headline);
    json_t *accesses = json_array(), *actors = json_array(), *notes = json_array();
    for (size_t i = 0; i < f->access_count; i++)
        json_array_append_new(accesses, access_json(&f->accesses[i]));
    for (size_t i = 0; i < f->actor_count; i++)
        json_array_append_new(actors, reports_json_actor(&f->actors[i]));
    for (size_t i = 0; i < f->note_count; i++)
        json_array_append_new(notes, json_stringn_nocheck(f->notes[i], strlen(f->notes[i])));
    json_object_set_new(o, "accesses", accesses);
    json_object_set_new(o, "actors", actors);
    if (f->location.known) json_object_set_new(o, "location", location_json(&f->location));
    put_locks(o, f);
    json_object_set_new(o, "notes", notes);
    if (f->past_count) json_object_set_new(o, "past", pasts_json(f));
    return o;
}

/* How many of the accesses were seen; only of a process that took samples. */
static json_t *sampled_json(const gr__rec_summary *totals) {
    json_t *o = json_object();
    json_object_set_new(o, "seen", number(totals->sampled_seen));
    json_object_set_new(o, "of", number(totals->sampled_of));
    return o;
}

void reports_json_document(FILE *out, const report_finding *first, const gr__rec_summary *totals) {
    json_t *findings = json_array();
    for (const report_finding *f = first; f; f = f->next)
        json_array_append_new(findings, finding_json(f));
    json_t *document = json_object();
    json_object_set_new(document, "version", json_integer(1));
    put_text(document, "tool", "gorace");
    if (totals && totals->sampled_of) json_object_set_new(document, "sampled", sampled_json(totals));
    json_object_set_new(document, "findings", findings);
    json_dumpf(document, out, JSON_INDENT(2));
    fputc('\n', out);
    json_decref(document);
}
