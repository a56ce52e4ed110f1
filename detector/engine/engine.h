/* engine.h - front door of the engine: happens-before over actors, memory and objects.
 *
 * The engine knows no threads, channels or files: doors, traces and tests drive it with the dozen
 * operations below. An actor is a goroutine or a thread. One engine per process (its state is
 * global: the shadow has a fixed place).
 *
 * Exactness: per byte the engine keeps every access that no later access "covers", where e' covers
 * e when e happens before e', both touch the byte, and whatever conflicts with e conflicts with e'
 * (a write covers all, a read covers reads; plain covers atomic, not the other way). So an access
 * is reported exactly when some earlier access conflicts and is not ordered before it.
 * Clock and epoch: FastTrack (Flanagan, Freund, PLDI 2009).
 *
 * Threads: operations on different actors may run in parallel; those on one actor may not.
 * The engine takes no lock across a callback and never allocates with malloc.
 */
#ifndef GR_DETECTOR_ENGINE_H
#define GR_DETECTOR_ENGINE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/* A place in the program: a program counter in a calling context. Id of a node of the calling
 * context tree: node = (parent node, pc). 0 is "nowhere". A function's context is the node of its
 * call site; an access's place is a child of the context by the access's pc. */
typedef uint32_t gr__loc;

enum { GR__ACCESS_WRITE = 1, GR__ACCESS_ATOMIC = 2, GR__ACCESS_FREE = 4, GR__ACCESS_CHANNEL = 8,
       GR__ACCESS_VPTR = 16,
       GR__ACCESS_GROUP = GR__ACCESS_CHANNEL | GR__ACCESS_VPTR /* both: of a wait group */ };

enum gr__actor_kind { GR__ACTOR_GOROUTINE = 1, GR__ACTOR_THREAD = 2, GR__ACTOR_FIBER = 3 };

typedef union gr__epoch { struct { uint32_t slot, clock; }; uint64_t whole; } gr__epoch;
/* Epochs are made and stored whole: the processor waits for two halves that are loaded as one. */
static inline gr__epoch gr__epoch_of(uint32_t slot, uint32_t clock) {
    return (gr__epoch){.whole = slot | (uint64_t)clock << 32};
}
/* A vector clock: of clock.h, and a component apart that counts instead of the clock's own. */
typedef struct gr__knowledge { uint32_t clock; gr__epoch recent; } gr__knowledge;

typedef struct gr__actor {
    uint64_t stamp;       /* owner: current epoch in shadow-cell position; 0 = do not check */
    gr__loc context;      /* owner: calling context now */
    uint32_t slot;        /* owner: clock component */
    uint32_t published;   /* owner: the last clock that others may know; 0 none in this slot */
    uint32_t clock;       /* owner: its value now; not beside the slot, lest both be loaded as one */
    gr__knowledge knows;  /* owner: of the others */
    uint32_t version;     /* owner: of what it knows */
    uint32_t learned_at;  /* owner: its first clock that stands for all it knows */
    gr__epoch origin;     /* owner: whoever knows it knows all of `knows` but its recent component */
    uint32_t checks;      /* owner: accesses in this epoch that the fast path did not know */
    bool accessed;        /* owner: something was accessed in this epoch */
    bool learned;         /* owner: knows more than when it published last */
    uint32_t flags;
    int32_t ignore;       /* owner: > 0 while gr_race_disable is in force */
    int32_t unordered;    /* owner: > 0: the doors of libc and of atomics make no edges */
    uint64_t id;          /* constant: unique in the process, never reused */
    uint64_t number;      /* constant: goroutine or thread number as printed */
    uint64_t kind;        /* constant: enum gr__actor_kind */
    uint64_t creator;     /* constant: id of the creating actor, 0 unknown */
    gr__loc created_at;   /* constant */
    uint32_t switches;    /* owner: for the event log */
    uint32_t fence_acquire, fence_release; /* owner: clocks of pending fences */
    bool ended;           /* atomic */
    struct gr__held *held; /* owner: the locks that it has (detector/locks); atomic for others */
    uint64_t before;      /* owner: what must have come first (detector/locks) */
} gr__actor;

/* One side of a conflict. */
typedef struct gr__conflict_side {
    uint64_t actor;       /* id */
    uintptr_t address;
    uint32_t size;
    uint32_t flags;
    gr__loc loc;
} gr__conflict_side;

typedef struct gr__engine_hooks {
    /* A race: now is being made by actor self, earlier was made before. Called with no lock held. */
    void (*race)(gr__actor *self, const gr__conflict_side *now, const gr__conflict_side *earlier);
    /* Event log taps, all may be NULL; see event.def. Called by the thread of the actor; for
     * ordered events while the object's lock is held, with a ticket as their number. */
    void (*log)(gr__actor *self, unsigned event, unsigned arg, uint64_t address, uint32_t number,
                gr__loc loc);
    void (*new_loc)(gr__loc loc, gr__loc parent, uintptr_t pc);
    /* This thread has come out, and gr__engine_called was set meanwhile. May be NULL. */
    void (*out)(void);
} gr__engine_hooks;

/* How deep this thread is in the engine. A signal handler that comes while it is in must touch nothing of
 * the engine: who calls handlers puts them off, sets the mark, and goes on in hooks->out. The doors' own
 * locks are held between go_in and come_out too. */
extern __thread uint32_t gr__engine_inside;
extern __thread bool gr__engine_called;
void gr__engine_out(void); /* calls the hook */
static inline void gr__engine_go_in(void) {
    gr__engine_inside++;
    __atomic_signal_fence(__ATOMIC_SEQ_CST);
}
static inline void gr__engine_come_out(void) {
    __atomic_signal_fence(__ATOMIC_SEQ_CST);
    uint32_t outer = --gr__engine_inside;
    __atomic_signal_fence(__ATOMIC_SEQ_CST);
    if (__builtin_expect(gr__engine_called, 0) && !outer) gr__engine_out();
}

/* 0, or an errno when the address space for the shadow cannot be had. */
int gr__engine_init(const gr__engine_hooks *hooks);
/* Draw a ticket for an ordered event that the doors log themselves (SWITCH, BLOCK, STACK ...). */
uint32_t gr__engine_ticket(void);
/* Forget everything (tests, replay of another trace). */
void gr__engine_reset(void);
/* After so many accesses in an epoch an actor is taken to go through much memory, and what several read can be
 * kept together (shared.h). Constant but in tests. */
extern uint32_t gr__sweep_begins;

/* --- actors --- */
gr__actor *gr__actor_root(enum gr__actor_kind kind, uint64_t number);
gr__actor *gr__actor_fork(gr__actor *parent, enum gr__actor_kind kind, uint64_t number, gr__loc at);
void gr__actor_end(gr__actor *self);
void gr__actor_join(gr__actor *self, gr__actor *ended, gr__loc at);
gr__actor *gr__actor_by_id(uint64_t id);          /* also for ended ones; NULL: never was */

/* --- calling contexts --- */
gr__loc gr__loc_child(gr__loc parent, uintptr_t pc);
/* Fill pcs innermost first; returns how many there are (may exceed max). */
size_t gr__loc_stack(gr__loc loc, uintptr_t *pcs, size_t max);
gr__loc gr__loc_parent(gr__loc loc);

/* --- memory --- */
void gr__access(gr__actor *self, uintptr_t address, size_t size, unsigned flags, uintptr_t pc);
void gr__access_range(gr__actor *self, uintptr_t address, size_t size, unsigned flags, uintptr_t pc);
/* Wipe: no access to [address, address+size) is remembered, no object lives there. */
void gr__memory_reset(uintptr_t address, size_t size);
/* The same for the stack [low, high) of a goroutine that has ended: quick when little of it was used. */
void gr__memory_reset_stack(uintptr_t low, uintptr_t high);

/* --- heap blocks --- */
void gr__heap_alloc(gr__actor *self, uintptr_t address, size_t size, gr__loc at);
/* Checks the free as a write to the block, remembers who freed it, drops objects in it. Returns the
 * size that was allocated, or SIZE_MAX when no block starts there. */
size_t gr__heap_free(gr__actor *self, uintptr_t address, gr__loc at);
typedef struct gr__heap_block {
    uintptr_t low; size_t size; uint64_t actor; gr__loc allocated_at;
    bool freed; uint64_t free_actor; gr__loc freed_at;
} gr__heap_block;
bool gr__heap_find(uintptr_t address, gr__heap_block *out); /* interior pointers too; live or freed */

/* --- what can be reached (extent.c): blocks as stretches of memory. Noted from gr__extent_open on; the rest is for
 * a thread that has stopped all others --- */
bool gr__extent_open(void);
/* past: a pointer to the block's end counts as one into it; no other block can begin there. */
void gr__extent_made(uintptr_t low, size_t size, bool past);
void gr__extent_freed(uintptr_t low);
/* Nothing is known of this memory any more: somebody unseen has it, or nobody. */
void gr__extent_forget(uintptr_t low, size_t size);
typedef struct gr__extent { uintptr_t low, high; bool freed; } gr__extent; /* in steps of 16 bytes */
bool gr__extent_find(uintptr_t address, gr__extent *out); /* which holds address; high is left 0 */
/* The one that holds address, else the first behind it; false: none below limit. */
bool gr__extent_next(uintptr_t address, uintptr_t limit, gr__extent *out);
uintptr_t gr__extent_end(uintptr_t low);
enum gr__extent_mark { GR__EXTENT_NONE, GR__EXTENT_MARKED, GR__EXTENT_NEW, GR__EXTENT_WATCHED }; /* no block; it was, or
                                                           is freed; it is now; and is watched */
enum gr__extent_mark gr__extent_mark(uintptr_t low);
/* Find and mark; *low is set when it is new. */
enum gr__extent_mark gr__extent_reach(uintptr_t address, uintptr_t *low);
void gr__extent_unmark(uintptr_t low);
void gr__extent_watch(uintptr_t low);
void gr__extent_unmark_all(void);                         /* nor is any watched */
void gr__extent_bounds(uintptr_t *low, uintptr_t *high);
/* The engine's own memory that holds address, or the first behind it; false: none. */
bool gr__engine_memory(uintptr_t address, uintptr_t *low, uintptr_t *high);

/* --- synchronisation objects, known by address --- */
/* In an object's address: a second object there, apart from the one that atomics make of it. */
#define GR__OBJECT_SECOND ((uintptr_t)1 << 47)
void gr__acquire(gr__actor *self, uintptr_t object, gr__loc at);
void gr__release(gr__actor *self, uintptr_t object, gr__loc at);          /* clock := self */
void gr__release_merge(gr__actor *self, uintptr_t object, gr__loc at);    /* clock joins self */
void gr__release_acquire(gr__actor *self, uintptr_t object, gr__loc at);  /* acquire, then release */
/* Two actors meet at an object, other one waiting: each learns all that the other did, as by release,
 * acquire, release, acquire. The caller is the thread of self, and keeps other from running. */
void gr__meet(gr__actor *self, gr__actor *other, uintptr_t object, gr__loc at);
void gr__sync_destroy(uintptr_t low, size_t size);
/* Id of who released to the object last; 0: nobody, or it is not known. */
uint64_t gr__sync_last(uintptr_t object);
/* What a relaxed atomic does for a later acquire fence, or after an earlier release fence. Only
 * replay calls these by hand; gr__atomic does them itself. */
void gr__acquire_relaxed(gr__actor *self, uintptr_t object, gr__loc at);
void gr__release_relaxed(gr__actor *self, uintptr_t object, bool read_modify_write, gr__loc at);

/* --- C11 atomics: lock the object, do the operation between, unlock. The engine does the access
 * check and the clocks; `operate` does the real operation and says what it did. --- */
enum gr__memory_order { GR__RELAXED, GR__CONSUME, GR__ACQUIRE, GR__RELEASE, GR__ACQ_REL, GR__SEQ_CST };
enum gr__atomic_did { GR__DID_LOAD = 1, GR__DID_STORE = 2, GR__DID_RMW = 3 };
typedef enum gr__atomic_did (*gr__atomic_operate)(void *argument);
/* order applies when the operation stores (or always, for loads); fail_order when a
 * compare-exchange only loaded. */
void gr__atomic(gr__actor *self, uintptr_t address, size_t size, enum gr__atomic_did kind,
                enum gr__memory_order order, enum gr__memory_order fail_order, uintptr_t pc,
                gr__atomic_operate operate, void *argument);
void gr__fence(gr__actor *self, enum gr__memory_order order);

typedef struct gr__engine_statistics {
    uint64_t accesses_slow, synchronisations, actors, locs, clock_nodes, overflow_records,
             forgotten_actors;
} gr__engine_statistics;
void gr__engine_statistics_get(gr__engine_statistics *out);

#endif
