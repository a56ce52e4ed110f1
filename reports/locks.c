/* locks.c - the locks of a finding in text: a circle of them, who has them, what they are. */
#include "reports/output.h"
#include "runtime/inspect/record.h"

#include <inttypes.h>
#include <string.h>

const report_lock *report_lock_of(const report_finding *f, uint64_t address) {
    for (size_t i = 0; i < f->lock_count; i++)
        if (f->locks[i].address == address) return &f->locks[i];
    return NULL;
}

/* "pthread_mutex_t 'bank.lock' (0x55da28416508)" */
static void lock_words(FILE *out, const report_finding *f, uint64_t address) {
    const report_lock *l = report_lock_of(f, address);
    const char *type = l ? report_lock_type(l->kind) : NULL;
    fputs(type ? type : "lock", out);
    if (l && l->location.name)
        fprintf(out, " '%s'", l->location.member ? l->location.member : l->location.name);
    fprintf(out, " (0x%012" PRIx64 ")", address);
}

static void steps(FILE *out, const report_finding *f) {
    char who[64];
    for (size_t i = 0; i < f->step_count; i++) {
        const report_lock_step *s = &f->steps[i];
        reports_text_actor(f, s->actor, who, sizeof who);
        fprintf(out, "%c%s took ", who[0] - 'a' + 'A', who + 1);
        lock_words(out, f, s->wanted);
        fprintf(out, "%s at:\n", s->wanted_flags & GR__RECORD_LOCK_READ ? " to read" : "");
        reports_text_stack(out, s->wanted_at);
        fputs("while it held ", out);
        lock_words(out, f, s->held);
        fprintf(out, ", taken%s%s at:\n", s->held_flags & GR__RECORD_LOCK_READ ? " to read" : "",
                s->held_flags & GR__RECORD_LOCK_TRY ? " by a try" : "");
        reports_text_stack(out, s->held_at);
        fputc('\n', out);
    }
}

static void holder(FILE *out, const report_finding *f, const report_lock *l) {
    char who[64];
    if (!l->holder) return;
    reports_text_actor(f, l->holder, who, sizeof who);
    fprintf(out, "%c%s took ", who[0] - 'a' + 'A', who + 1);
    lock_words(out, f, l->address);
    fprintf(out, "%s at:\n", l->flags & GR__RECORD_LOCK_READ ? " to read" : "");
    reports_text_stack(out, l->taken_at);
    fputc('\n', out);
}

static void memory(FILE *out, const report_finding *f, const report_lock *l) {
    const report_location *at = &l->location;
    char who[64];
    if (at->kind == GR__LOCATION_GLOBAL && at->name && at->file) {
        lock_words(out, f, l->address);
        fprintf(out, " is in global '%s' at %s:%u\n\n", at->name, at->file, at->line);
    } else if (at->kind == GR__LOCATION_HEAP) {
        lock_words(out, f, l->address);
        fprintf(out, " is in a heap block of %" PRIu64 " bytes (byte %" PRIu64 "), allocated by %s:\n", at->size,
                at->address - at->low, reports_text_actor(f, at->actor, who, sizeof who));
        reports_text_stack(out, at->allocated_at);
        fputc('\n', out);
    }
}

void reports_text_locks(FILE *out, const report_finding *f) {
    steps(out, f);
    for (size_t i = 0; i < f->lock_count; i++) holder(out, f, &f->locks[i]);
    for (size_t i = 0; i < f->lock_count; i++) memory(out, f, &f->locks[i]);
}
