/* crowd.c - which actors of a finding are alike: same state, same stack, same creator. */
#include "reports/output.h"

/* Stacks that are equal have the same frames (resolve.h), but for those that were put together. */
static bool alike(const report_actor *a, const report_actor *b, bool by_object) {
    bool same = a->kind == b->kind && a->state == b->state && a->wait == b->wait && !a->elided && !b->elided &&
                a->stack.frames == b->stack.frames && a->created_at.frames == b->created_at.frames;
    if (!same || !by_object) return same;
    same = a->has_object == b->has_object && a->object.address == b->object.address && a->holder == b->holder &&
           a->case_count == b->case_count;
    for (size_t i = 0; same && i < a->case_count; i++)
        same = a->cases[i].send == b->cases[i].send && a->cases[i].channel.address == b->cases[i].channel.address;
    return same;
}

static size_t hash_of(const report_actor *a, bool by_object) {
    uintptr_t h = (uintptr_t)a->stack.frames * 31 + (uintptr_t)a->created_at.frames;
    if (by_object) h += a->object.address * 17 + a->case_count * 5;
    return (h + a->wait * 7 + a->state) * UINT64_C(0x9e3779b97f4a7c15) >> 20;
}

report_crowd report_crowd_of(const report_finding *f, bool by_object) {
    size_t n = f->actor_count, room = 1;
    while (room < 2 * n) room *= 2;
    report_crowd c = {calloc(n + 1, sizeof *c.first), calloc(n + 1, sizeof *c.count)};
    size_t *table = calloc(room, sizeof *table); /* index of an actor, plus 1 */
    if (!c.first || !c.count || !table) abort();
    for (size_t i = 0; i < n; i++) {
        const report_actor *a = &f->actors[i];
        size_t at = hash_of(a, by_object) & (room - 1);
        while (table[at] && !alike(&f->actors[table[at] - 1], a, by_object)) at = (at + 1) & (room - 1);
        if (!table[at]) table[at] = i + 1;
        c.first[i] = table[at] - 1;
        c.count[table[at] - 1]++;
    }
    free(table);
    return c;
}

void report_crowd_free(report_crowd *c) {
    free(c->first);
    free(c->count);
}
