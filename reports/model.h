/* model.h - a finding as a structure: what collect.c and load.c make and the formats print.
 *
 * Everything in a finding lives in its obstack and goes with it. Private to reports/.
 */
#ifndef GR_REPORTS_MODEL_H
#define GR_REPORTS_MODEL_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>

#include <obstack.h>

typedef struct report_frame {
    const char *function; /* never NULL; "??" when not known */
    const char *file;     /* NULL: not known */
    const char *module;   /* NULL: not known */
    unsigned line;
    uint64_t offset;      /* of pc in the function */
    uint64_t pc;
} report_frame;

typedef struct report_stack {
    report_frame *frames; /* innermost first, inlined calls expanded, our own functions left out */
    size_t count;
} report_stack;

typedef struct report_access {
    bool previous;
    unsigned flags;       /* enum gr__record_access_flags */
    uint64_t address, size, actor;
    report_stack stack;
} report_access;

typedef struct report_object { /* a channel or a lock */
    uint64_t address, kind;
    unsigned state;       /* enum gr__record_channel_state */
    uint64_t length, capacity;
    report_stack made_at;
    unsigned reach;       /* enum gr__record_reach */
} report_object;

typedef struct report_case {
    uint64_t index;
    bool send;
    const char *name;     /* NULL: none */
    report_object channel;
} report_case;

typedef struct report_actor {
    uint64_t id, number, creator, wait_ns;
    unsigned kind, state, wait;
    const char *name;     /* NULL: none */
    report_stack created_at, stack;
    uint64_t elided;      /* frames left out of the stack, behind the first elided_at; UINT64_MAX: some */
    size_t elided_at;
    report_case *cases;
    size_t case_count;
    bool has_object;
    report_object object; /* waited for */
} report_actor;

typedef struct report_location {
    bool known;
    unsigned kind;        /* enum gr__record_location_kind */
    uint64_t address, low, size, actor, free_actor;
    const char *name;     /* of a variable; NULL */
    const char *member;   /* of it, as table[3].value; NULL */
    const char *type;     /* of the lock or the like that this is, as pthread_mutex_t; NULL */
    const char *file;     /* of its declaration; NULL */
    const char *module;
    const char *path;     /* of the file that is mapped; NULL */
    unsigned line;
    report_stack allocated_at, freed_at;
} report_location;

typedef struct report_finding {
    unsigned kind;        /* finding.def */
    uint64_t serial;
    const char *message;
    report_access *accesses;
    size_t access_count;
    report_actor *actors;
    size_t actor_count;
    report_location location;
    const char **notes;
    size_t note_count;
    struct report_finding *next;
    struct obstack memory;
} report_finding;

typedef struct report_kind {
    unsigned id;
    const char *name, *fail_on, *rule, *level, *headline;
} report_kind;

report_finding *report_finding_new(unsigned kind);
void report_finding_free(report_finding *f);
char *report_text(report_finding *f, const char *text, size_t length);
/* One more zeroed element at the end of an array that lives in the finding. */
void *report_grow(report_finding *f, void **array, size_t *count, size_t size);
const report_actor *report_actor_of(const report_finding *f, uint64_t id);
/* Row of finding.def; NULL when the number is not known. */
const report_kind *report_kind_of(unsigned id);
const report_kind *report_kind_named(const char *name);
/* "goroutine", "thread" or "fiber". */
const char *report_actor_word(unsigned kind);
/* Who else can get at something, as JSON says it; NULL: not known. */
const char *report_reach_word(unsigned reach);
/* Words of wait.def. */
const char *report_wait_words(unsigned wait);

#endif
