/* tell.h - findings that the doors make themselves. Doors only; any thread, with no
 * lock held: a finding waits until its report is printed. */
#ifndef GR_DETECTOR_DOORS_TELL_H
#define GR_DETECTOR_DOORS_TELL_H

#include "detector/doors/doors.h"
#include "detector/finding/finding.h"
#include "runtime/inspect/goroutine.h"
#include "runtime/vocab/finding.h"

/* A group of records: as gr__session_begin, _end, but with the program's own suppressions and
 * halt_on_error; false: it is left out. */
void gr__tell_init(void);
void gr__tell_begin(void);
bool gr__tell_end(void);
/* What the running goroutine does at `loc`: with a sentence that explains it, the channel that it is about or
 * NULL, and what was done before, of which those without a place are left out. */
typedef struct gr__told_past {
    unsigned kind;              /* past.def */
    uint64_t goid, count;
    unsigned wait;              /* wait.def */
    gr__loc at;
} gr__told_past;
void gr__tell_misuse(enum gr__finding_kind kind, gr__loc loc, const char *note, const void *channel,
                     const gr__told_past *pasts, size_t count);
/* The same about nobody in particular. */
void gr__tell_misuse_of_many(enum gr__finding_kind kind, const char *note, const gr__told_past *pasts, size_t count);
/* --- for those that put a group together themselves: open, actors, put, close --- */
struct gr__record_buffer;
struct gr__record_buffer *gr__tell_open(enum gr__finding_kind kind);
void gr__tell_actor(uint64_t actor, gr__loc at); /* at 0: without a stack */
bool gr__tell_close(void);                       /* false: it is left out */

/* Pieces of text for notes: copies until *to is full. */
typedef struct gr__words { char text[480]; size_t length; } gr__words;
void gr__words_add(gr__words *to, const char *text);
void gr__words_number(gr__words *to, uint64_t number);

/* Actors, what they do there, and sentences. reached: who can reach what a waiting one waits for, enum
 * gr__record_reach; may be NULL. False: it is left out, and does not count. */
typedef struct gr__told {
    const gr__actor *actor;
    const struct gr__g_head *head;  /* NULL: no goroutine */
    gr__loc at;
    unsigned (*reached)(const void *object, void *argument);
    void *argument;
} gr__told;
bool gr__tell(enum gr__finding_kind kind, const gr__told *who, size_t count, const gr__words *notes, size_t note_count);

/* stacks.c: whose stack or thread-local storage it is. */
bool gr__stack_place(uintptr_t address, gr__finding_place *out);
bool gr__stack_in_turn(const gr__conflict_side *now, const gr__conflict_side *earlier, bool thorough);

#endif
