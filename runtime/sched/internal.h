/* internal.h - what the files of the scheduler share; nobody else includes it. */
#ifndef GR_RUNTIME_SCHED_INTERNAL_H
#define GR_RUNTIME_SCHED_INTERNAL_H

#include "runtime/arch/arch.h"
#include "runtime/arch/registers.h"
#include "runtime/inspect/anatomy.h"
#include "runtime/sched/sched.h"

/* SCHEDULER_EVERY: so many goroutines of a P run before the scheduler looks after alarms and the global queue. */
enum { GR__RING = 256, GR__MAX_PROCS = 1024, GR__LOCAL_FREE = 256, GR__SCHEDULER_EVERY = 64 };

/* When more goroutines than that wait in the ring of a P, another thread is woken to take some. NONE: also
 * for what would run next. */
enum gr__crowd { GR__CROWD_NONE = 0, GR__CROWD_USUAL = 3, GR__CROWD_LARGE = 64 };

/* The right to run goroutines. Owner: the M that holds it, else who holds the scheduler's lock. */
typedef struct gr__p {
    gr__g *next;                /* a: the owner's alone: runs before the ring */
    uint32_t tail;              /* a: the owner writes it */
    uint32_t tick;              /* a: the owner writes it: goroutines run so far */
    uint32_t looked;            /* owner: tick when it last looked into the global queue in turn */
    uint32_t streak;            /* owner: how many of the last came by `next` */
    uint32_t chain;             /* owner: goroutines started since the last one that gave up its thread */
    uint32_t free_count;        /* owner */
    gr__g *free;                /* owner: finished goroutines with warm stacks */
    int64_t living;             /* a: the owner writes it: started here less ended here */
    uint64_t goid, goid_end;    /* owner: numbers to be given out */
    uint64_t trimmed_ns;        /* owner: when the stacks in `free` were trimmed last */
    uint8_t crowd;              /* a: the monitor writes it: enum gr__crowd */
    bool fold;                  /* a: the monitor asks: leave what waits here to the others, and sleep */
    uint32_t id;                /* c */
    bool retired;               /* s: beyond GOMAXPROCS and in no list */
    struct gr__p *idle_link;    /* s */
    gr__m *m;                   /* s: who holds it; NULL: idle */
    uint32_t seen_tick;         /* monitor: when it looked last */
    uint64_t seen_ns;           /* monitor: when that was */
    gr__m *seen_m;              /* monitor: who held it then */
    uint32_t seen_fights;       /* monitor: that one's gr__lock_fights then */
    uint32_t quiet;             /* monitor: looks to go until more threads are tried again */
    uint64_t seen_since;        /* monitor: since when tick has not moved */
    bool asked;                 /* monitor: has asked its goroutine to let others run */
    _Alignas(64) uint32_t head; /* a: thieves advance it too */
    gr__g *ring[GR__RING];
} gr__p;

/* What the C++ library keeps for each thread (Itanium C++ ABI, 2.2.2): exceptions that were caught and not yet let
 * go of, and how many are on their way. To us it is the goroutine's. */
typedef struct gr__exceptions { void *caught; unsigned uncaught; } gr__exceptions;

/* A thread that runs goroutines. Owner: itself, but for what says otherwise.
 *
 * The monitor takes the P of an M that runs one goroutine for too long. So that the M needs no atomic
 * operation to use its own P, it says in `busy` when it does, and the monitor makes all processors look
 * (membarrier) after it took `p` away and before it believes `busy`. An M that finds no P asks again
 * under the scheduler's lock (gr__p_here), since the monitor may have to give it back. */
struct gr__m {
    gr__p *p;                   /* a: taken and given with s held, read while busy */
    uint32_t busy;              /* a: the owner writes it: uses its P */
    bool spinning;              /* looks for work and holds none; s while idle */
    bool idle;                  /* s */
    gr__g *current;             /* a: the goroutine that runs here; the owner writes it */
    void *sp;                   /* of its scheduler stack while a goroutine runs */
    gr__fiber fiber;            /* of that stack */
    int *errno_at;              /* c: this thread's errno */
    uint32_t *fights_at;        /* c: this thread's gr__lock_fights */
    gr__exceptions *exceptions_at; /* c: this thread's; NULL: no C++ library */
    gr__g *pending;             /* what the scheduler is to go on with */
    gr__g *dead;                /* what the scheduler is to put away */
    void *nowhere;              /* where the context of one that ended is saved */
    uint32_t note;              /* a: 0 sleep, 1 run, 2 look at the alarms again */
    gr__m *idle_link;           /* s */
    bool polling;               /* a: it sleeps in gr__net_poll, not on its note */
};

typedef struct gr__sched {
    uint32_t lock;              /* order: object locks, alarms, this; no other under it */
    uint32_t length;            /* s to write, a to read */
    gr__g *head, *tail;         /* s: global queue */
    uint32_t idle_p_count;      /* s to write, a to read */
    uint32_t procs;             /* a: GOMAXPROCS */
    uint32_t procs_made;        /* s to write, a to read: Ps that exist; never fewer than procs */
    uint32_t watched;           /* a: the monitor can take Ps away */
    uint64_t signals;           /* s: that a new M blocks, when the monitor makes it */
    int monitor;                /* a: the monitor's thread id */
    uint64_t polled;            /* a: `clock` when somebody last asked for descriptors */
    uint64_t clock;             /* a: the monitor writes it: monotonic ns; 0: nobody does */
    gr__m *idle_ms;             /* s */
    gr__p *idle_ps;             /* s */
    int32_t ms, ms_idle;        /* s */
    int32_t ms_blocking;        /* s: between gr_blocking_begin and _end */
    int32_t foreign_parked;     /* s */
    int32_t helpers;            /* a: threads of ours that run no goroutines */
    gr__m *watcher;             /* a: the idle M that waits for the next alarm */
    uint64_t watcher_until;     /* a: what it waits for */
    bool main_gone;             /* a: goroutine 1 has called gr_goexit */
    int dying;                  /* a: a panic is on its way in this process; 0: none */
    _Alignas(64) uint32_t spinning; /* a: Ms that look for work */
    gr__p *ps[GR__MAX_PROCS];   /* c from procs_made on */
} gr__sched;
extern gr__sched gr__s;

/* --- this M uses its P from here on; returns what gr__m_done wants back --- */
GR__INLINE uint32_t gr__m_busy(gr__m *m) {
    uint32_t was = m->busy;
    GR__STORE_RELAXED(&m->busy, 1);
    __atomic_signal_fence(__ATOMIC_SEQ_CST);
    return was;
}
GR__INLINE void gr__m_done(gr__m *m, uint32_t was) {
    GR__STORE_RELEASE(&m->busy, was);   /* who takes the P away has seen what was done with it */
}
/* It is the turn of the global queue. Owner of p. Not every 64th by number: where two goroutines take turns,
 * one of them would always have those. */
GR__INLINE bool gr__p_turn_of_global(const gr__p *p, uint32_t tick) {
    return tick - p->looked >= GR__SCHEDULER_EVERY;
}
gr__p *gr__p_again(gr__m *m);
/* The P of a busy M; NULL: it has none. Acquired: the watcher may have been given it while it polls, and
 * the monitor gives it back with what it has changed in it. */
GR__INLINE gr__p *gr__p_here(gr__m *m) {
    gr__p *p = GR__LOAD_ACQUIRE(&m->p);
    return GR__LIKELY(p != NULL) ? p : gr__p_again(m);
}

/* --- queue.c --- */
/* Owner of p; false: the ring is full. */
static inline bool gr__queue_try_put(gr__p *p, gr__g *g) {
    uint32_t tail = p->tail;
    if (tail - GR__LOAD_ACQUIRE(&p->head) >= GR__RING) return false;
    GR__STORE_RELAXED(&p->ring[tail % GR__RING], g);
    GR__STORE_RELEASE(&p->tail, tail + 1);
    return true;
}
void gr__queue_put(gr__p *p, gr__g *g);             /* owner of p; may take the scheduler's lock */
gr__g *gr__queue_get_ring(gr__p *p);                /* owner of p: also what is next, if that alone is left */
/* Owner of p; true: another had to make way. */
GR__INLINE bool gr__queue_put_next(gr__p *p, gr__g *g) {
    gr__g *before = p->next;
    GR__STORE_RELAXED(&p->next, g);
    if (GR__LIKELY(!before)) return false;
    gr__queue_put(p, before);
    return true;
}
/* `next` in turns with others for ever would starve the ring. */
enum { GR__LONGEST_STREAK = 64 };
GR__INLINE gr__g *gr__queue_get(gr__p *p) {      /* owner of p */
    gr__g *g = p->next;
    if (GR__UNLIKELY(!g || p->streak >= GR__LONGEST_STREAK)) return gr__queue_get_ring(p);
    GR__STORE_RELAXED(&p->next, NULL);
    p->streak++;
    return g;
}
static inline uint32_t gr__queue_length(const gr__p *p) {   /* owner of p: of its ring */
    return GR__LOAD_RELAXED(&p->tail) - GR__LOAD_RELAXED(&p->head);
}
gr__g *gr__queue_steal(gr__p *thief, gr__p *victim);
bool gr__queue_empty(gr__p *p);                     /* anybody: of its ring */
void gr__queue_put_global(gr__g *g);
void gr__queue_put_global_locked(gr__g *first, gr__g *last, uint32_t count);
gr__g *gr__queue_get_global(gr__p *p, uint32_t max); /* moves a share into p; s held */

/* thread.c: who runs on this thread */
void gr__thread_set(gr__m *m, gr__g *g);
void gr__sched_ensure(void);

/* proc.c: Ps and the threads that hold them */
void gr__procs_set(uint32_t n);                      /* s held */
void gr__p_put_idle(gr__p *p);                       /* s held; what waits in p goes to the global queue */
gr__p *gr__p_take_idle(gr__m *m);                    /* s held: for m; NULL: there is none */
void gr__m_start(gr__p *p, bool spinning);           /* s held: an idle M, or a new one, gets p */
void gr__wake_p(void);
void gr__m_stop(gr__m *m);                           /* m has no P: sleep until it may have work */

/* find.c */
gr__g *gr__find(gr__m *m);                           /* waits until there is a goroutine to run */

/* run.c */
void gr__m_run(gr__m *m);                            /* the scheduler loop; does not return */

/* monitor.c */
bool gr__monitor_start(void);                        /* once; false: no thread to be had */
void gr__monitor_wake(void);                         /* somebody runs again */

/* dead.c: s held; ends the program if nothing can ever run again. True: it would, were it not for
 * threads that are not ours; who asked is to ask again after a while, as these may end. */
bool gr__check_dead(void);
#define GR__SUSPECT_NS ((uint64_t)50000000)

/* --- g.c --- */
enum { GR__SLAB = 256 };
typedef struct gr__slab {                            /* never given back */
    struct gr__slab *next;
    uint32_t used;                                   /* a */
    gr__g gs[GR__SLAB];
} gr__slab;
extern gr__slab *gr__slabs;                          /* a: all of them */
gr__g *gr__g_alloc(void);                            /* no stack */
gr__g *gr__g_take_slow(gr__p *p);
void gr__g_recycle(gr__p *p, gr__g *g);              /* not on its stack; p may be NULL */
int32_t gr__g_count(int32_t change);                 /* living ones */
uint64_t gr__goid_block(gr__p *p);                   /* p may be NULL */
bool gr__g_cool(void);                               /* monitor, now and then; false: nothing to do */
void gr__g_trim(gr__p *p);                           /* owner of p, which has nothing to do */

GR__INLINE void gr__p_living(gr__p *p, int change) { GR__STORE_RELAXED(&p->living, p->living + change); }

/* One with a stack. Owner of p; p may be NULL. */
GR__INLINE gr__g *gr__g_take(gr__p *p) {
    gr__g *g = p ? p->free : NULL;
    if (GR__UNLIKELY(!g)) return gr__g_take_slow(p);
    p->free = g->link;
    p->free_count--;
    return g;
}

/* Tops of stacks lie at the same place of their pages, and would fight for the same few sets of the
 * caches; so each stack begins a little further down than the last. */
enum { GR__COLORS = 16, GR__COLOR = 64 };
GR__INLINE uintptr_t gr__g_top(const gr__g *g) {
    return g->head.stack_high - (uintptr_t)g / sizeof(gr__g) % GR__COLORS * GR__COLOR;
}

GR__INLINE void gr__g_fill(gr__g *g, gr__p *p, gr__g *creator, void (*fn)(void),
                              const uintptr_t *words, int count, uintptr_t pc) {
    g->head.goid = p && p->goid != p->goid_end ? p->goid++ : gr__goid_block(p);
    g->head.creator = creator->head.goid;
    g->head.created_pc = pc;
    g->fn = fn;
    g->trimmed = false;
    gr__fiber_end(&g->fiber);
    gr__fiber_new(&g->fiber, g->head.stack_low, g->head.stack_high);
    for (int i = 0; i < count; i++) g->words[i] = words[i];
    GR__STORE_RELEASE(&g->sp, gr__stack_prepare(gr__g_top(g)));
    gr__hook_go(g, pc);
}

/* What the next user must not see, and what others may not see any more. */
GR__INLINE void gr__g_wipe(gr__g *g) {
    gr__g_head *h = &g->head;
    GR__STORE_RELEASE(&h->state, 0);
    h->name[0] = 0;
    GR__STORE_RELAXED(&g->preempt, 0);
    GR__STORE_RELAXED(&g->eager, 0);
    g->fruitless = 0;
    g->blocking = 0;
}

/* Owner of p; g may be on its stack still, as long as p stays here. False: p has enough. */
GR__INLINE bool gr__g_recycle_here(gr__p *p, gr__g *g) {
    if (GR__UNLIKELY(p->free_count >= GR__LOCAL_FREE)) return false;
    gr__g_wipe(g);
    gr__p_living(p, -1);
    g->link = p->free;
    p->free = g;
    p->free_count++;
    return true;
}

/* stack.c */
bool gr__stack_new(uintptr_t *low, uintptr_t *high);
void gr__stack_trim(uintptr_t low, uintptr_t high, size_t keep); /* all but `keep` bytes at its top go back */

/* overflow.c */
enum { GR__OVERFLOW_REACH = 64 * 4096 };             /* how far from a stack's end a fault means it */
void gr__stack_overflow_init(void);
void gr__stack_overflow_thread(void);                /* this thread needs a signal stack */
void gr__stack_overflow_thread_end(void);

/* anatomy.c */
void gr__anatomy_init(void);                         /* once, by the first thread */

/* halt.c */
typedef struct gr__halted {                          /* a thread that stands still */
    struct gr__halted *next;
    gr__g *g;                                        /* its goroutine; NULL */
    gr__registers registers;
} gr__halted;
typedef struct gr__quit {                            /* who has got SIGQUIT */
    bool asked;
    gr__g *g;
    uint64_t pc;
    int tid, code;
} gr__quit;
void gr__quit_init(void);
const gr__quit *gr__quit_asked(void);
void gr__dump_request(void);                         /* async-signal-safe: gr__dump_all_and_exit is called soon */
void gr__halt(void);                                 /* all threads that can be; the session is ours */
void gr__halted_add(gr__halted *h);                  /* its thread will not run on until the program ends */
const gr__halted *gr__halted_of(const gr__g *g);     /* NULL: none of them runs it */

/* walk.c */
enum { GR__WALK_MAX = 100 };
typedef struct gr__walk {
    uint64_t pcs[GR__WALK_MAX];                      /* innermost first; of more than fit, the first and the
                                                        last half; but for the first they are return addresses */
    size_t count, walked;
} gr__walk;
bool gr__g_stands_on(const gr__g *g, const gr__registers *r); /* its stack, and not another one */
/* What unwinding g's stack starts from. False: it runs, who knows where. */
bool gr__g_registers(gr__g *g, gr__registers *out);
/* Frame by frame through [low, low + length), of which bytes are a copy or it itself. */
void gr__walk_frames(gr__walk *w, const gr__registers *r, uintptr_t inside, uintptr_t low,
                     const char *bytes, size_t length);
/* Copy memory that may not be there; how much was. */
size_t gr__read(void *to, uintptr_t from, size_t n);

/* dump.c */
_Noreturn void gr__dump(unsigned finding, const char *words);   /* and the program ends */
_Noreturn void gr__dump_all_and_exit(void);          /* for SIGQUIT; any thread that may wait */

#endif
