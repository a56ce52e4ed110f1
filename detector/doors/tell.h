/* tell.h - findings that the doors make themselves: misuse and leaks. Doors only; any thread, with no
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

/* The goroutines that are blocked now. */
void gr__tell_leaks(void);
/* Pieces of text for notes: copies until *to is full. */
typedef struct gr__words { char text[480]; size_t length; } gr__words;
void gr__words_add(gr__words *to, const char *text);
void gr__words_number(gr__words *to, uint64_t number);

/* stacks.c: whose stack or thread-local storage it is. */
bool gr__stack_place(uintptr_t address, gr__finding_place *out);
bool gr__stack_in_turn(const gr__conflict_side *now, const gr__conflict_side *earlier, bool thorough);

#endif
