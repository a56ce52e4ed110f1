/* reach.h - what can still be reached: which goroutines that wait can be woken by nobody. Doors
 * only; used by one thread at a time, which has stopped all others (stop.h).
 *
 * Golf's rule (Saioc and others, ASPLOS 2025), carried to C: marking begins at the memory that is
 * no block of a heap and at the stacks and registers of who can run; a goroutine that waits for
 * something marked can run, too, and its stack is gone through; until nothing changes. Any aligned
 * word that points into a block, or just behind it, keeps it.
 */
#ifndef GR_DETECTOR_DOORS_REACH_H
#define GR_DETECTOR_DOORS_REACH_H

#include "runtime/inspect/goroutine.h"

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

typedef struct gr__reach_item { /* a goroutine */
    struct gr__g *g;
    uintptr_t low, high, from; /* its stack, in use from `from` on */
    bool waits;                /* until another goroutine does something */
    bool wakes;                /* it runs, or can be woken */
    bool reached;              /* its stack can be reached */
    bool apart;                /* its stack is a thread's */
    uint32_t on_stack;         /* first of `edges` whose object lies on this stack, from 1 */
} gr__reach_item;

typedef struct gr__reach {
    gr__reach_item *all;
    size_t count, room;
    size_t stuck; /* how many wait and can't be woken */
} gr__reach;

/* Find out; `sp`: the caller's stack is in use from there on; 0: it is not to count. False: it
 * can't be told now, and every goroutine may still be woken. gr__reach_end gives back what was
 * taken, in any case. */
bool gr__reach_find(gr__reach *reach, uintptr_t sp);
/* Call meets for each stuck goroutine that waits for something which the stuck goroutine `from` can
 * reach, itself left out: object is that. False: it was too much to go through. */
bool gr__reach_from(gr__reach *reach, gr__reach_item *from,
                    void (*meets)(gr__reach_item *other, const void *object, void *argument),
                    void *argument);
void gr__reach_end(gr__reach *reach);

/* The stack of the thread that looks every so often: it holds what it has looked at. */
void gr__reach_helper(uintptr_t low, uintptr_t high);

/* Memory that is ours and holds a pointer of the program's: exit handlers. A list in registration
 * order. */
typedef struct gr__root {
    struct gr__root *next, *previous;
    void *pointer;
} gr__root;
void gr__root_add(gr__root *root);
void gr__root_remove(gr__root *root);

/* reach_memory.c: the process as the kernel tells of it. */
typedef struct gr__region {
    uintptr_t low, high;
    bool readable;
    bool clean; /* only what was written since it was mapped can hold pointers */
    bool libc;  /* variables of libc */
} gr__region;
/* The mappings, in order of addresses; NULL: they can't be told. */
gr__region *gr__regions_read(size_t *count, size_t *room);
/* Call visit for the pages in [low, high) that are there; `clean`: and are not the file's. False:
 * it can't be told. */
bool gr__pages_present(uintptr_t low, uintptr_t high, bool clean,
                       void (*visit)(uintptr_t low, uintptr_t high, void *argument),
                       void *argument);
void gr__pages_present_end(void);
/* Words that the kernel keeps for the program, of epoll and of timers; false: there may be others
 * that it does not tell, in pipes and sockets above all. */
bool gr__kernel_words(void (*visit)(uintptr_t word, void *argument), void *argument);

#endif
