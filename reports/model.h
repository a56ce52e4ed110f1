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
    unsigned origin;      /* origin.def */
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

typedef struct report_hold { /* a lock that an actor holds */
    uint64_t address;
    unsigned kind;        /* lock.def */
    bool reads;
    const char *name;     /* of the variable that it lies in; NULL: not known */
    report_stack taken_at;
} report_hold;
typedef struct report_past { /* done earlier to what the finding is about */
    unsigned kind;        /* past.def */
    uint64_t number;      /* of the goroutine that did it; 0: nobody's */
    uint64_t count;
    unsigned wait;        /* wait.def */
    size_t actors;        /* so many were told of before: it belongs to the last of them */
    report_stack stack;
} report_past;

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
    const char *object_name; /* of the variable that it is; NULL: not known */
    report_hold *holds;
    size_t hold_count;
    bool member;          /* of a circle of those who wait for each other: */
    bool listed;          /* in its turn */
    uint64_t next;        /* who has what it waits for */
    uint64_t skipped;     /* members that come before the next one that is listed */
    uint64_t like_it;     /* more of them wait and hold at the same places */
    uint64_t holder;      /* actor that holds the object; 0: not known */
    uint64_t tid;         /* the kernel's number of the thread it is or runs on; 0: none, or not known */
    uint64_t call;        /* system call it is in, plus 1; 0: none */
    uint64_t futex;       /* address that it waits at in the kernel; 0: none */
    uint32_t futex_word, futex_owner; /* the first and the third word there */
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

typedef struct report_lock {
    uint64_t address, holder; /* 0: nobody is known to have it */
    unsigned kind, flags;     /* enum gr__lock_kind, gr__record_lock_flags */
    report_stack taken_at;
    report_location location; /* of its memory */
} report_lock;

/* An actor took a lock, `wanted`, while it held another. */
typedef struct report_lock_step {
    uint64_t actor, held, wanted;
    unsigned held_flags, wanted_flags;
    report_stack held_at, wanted_at;
} report_lock_step;

typedef struct report_finding {
    unsigned kind;        /* finding.def */
    uint64_t serial;
    const char *message;
    report_access *accesses;
    size_t access_count;
    report_actor *actors;
    size_t actor_count;
    report_location location;
    report_past *pasts;
    size_t past_count;
    report_lock *locks;
    size_t lock_count;
    report_lock_step *steps;
    size_t step_count;
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
const report_lock *report_lock_of(const report_finding *f, uint64_t address);
/* Words of wait.def, of origin.def ("": the program made it). */
const char *report_wait_words(unsigned wait);
const char *report_origin_words(unsigned origin);
/* The type of lock.def; NULL: it is none. */
const char *report_lock_type(unsigned kind);
/* The type of the lock that somebody waits for in this way; NULL: it is none. */
const char *report_waited_type(unsigned wait);
/* Rows of past.def: their names for machines; the line above the stack, to be freed. */
const char *report_past_name(unsigned kind);
bool report_past_named(const char *name, unsigned *kind);
char *report_past_line(const report_past *p);

#endif
