/* internal.h - what the files of the scheduler share; nobody else includes it. */
#ifndef GR_RUNTIME_SCHED_INTERNAL_H
#define GR_RUNTIME_SCHED_INTERNAL_H

#include "runtime/sched/sched.h"

enum { GR__RING = 256, GR__MAX_PROCS = 1024 };

typedef struct gr__m gr__m;

/* The right to run goroutines. Owner: the M that holds it, else idle under the scheduler's lock. */
typedef struct gr__p {
    uint32_t head;              /* a: thieves advance it too */
    uint32_t tail;              /* a: the owner writes it */
    gr__g *ring[GR__RING];
    gr__g *next;                /* a: runs before the ring */
    uint32_t id;                /* c */
    uint32_t tick;              /* owner: goroutines run so far */
    bool retired;               /* s: beyond GOMAXPROCS and in no list */
    uint32_t streak;            /* owner: how many of the last came by `next` */
    struct gr__p *idle_link;    /* s */
    gr__g *free;                /* owner: finished goroutines */
    uint32_t free_count;
} gr__p;

enum gr__action { GR__PARK, GR__YIELD, GR__EXIT };

/* A thread that runs goroutines. Owner: itself, but for what says otherwise. */
struct gr__m {
    void *sp;                   /* of its scheduler stack while a goroutine runs */
    gr__g *current;
    gr__p *p;                   /* s while idle: given by who wakes it */
    void (*drop)(void *);       /* what gr__park wants done once the goroutine is off the thread */
    void *drop_argument;
    enum gr__action action;     /* why the goroutine gave up the thread */
    bool spinning;              /* looks for work and holds none; s while idle */
    uint32_t note;              /* a: 0 sleep, 1 run, 2 look at the alarms again */
    gr__m *idle_link;           /* s */
    bool idle;                  /* s */
    bool polling;               /* a: it sleeps in gr__net_poll, not on its note */
};

typedef struct gr__sched {
    uint32_t lock;              /* order: object locks, alarms, this; no other under it */
    gr__g *head, *tail;         /* s: global queue */
    uint32_t length;            /* s to write, a to read */
    gr__m *idle_ms;             /* s */
    gr__p *idle_ps;             /* s */
    uint32_t idle_p_count;      /* s to write, a to read */
    uint32_t spinning;          /* a: Ms that look for work */
    int32_t ms, ms_idle;        /* s */
    int32_t foreign_parked;     /* s */
    int32_t helpers;            /* a: threads of ours that run no goroutines */
    uint32_t procs;             /* a: GOMAXPROCS */
    uint32_t procs_made;        /* s: Ps that exist; never fewer than procs */
    gr__p *ps[GR__MAX_PROCS];   /* c from procs_made on */
    gr__m *watcher;             /* a: the idle M that waits for the next alarm */
    uint64_t watcher_until;     /* a: what it waits for */
    bool main_gone;             /* a: goroutine 1 has called gr_goexit */
    bool dying;                 /* a: a panic is on its way */
} gr__sched;
extern gr__sched gr__s;

/* queue.c */
void gr__queue_put(gr__p *p, gr__g *g, bool next);  /* owner of p */
gr__g *gr__queue_get(gr__p *p);                     /* owner of p */
gr__g *gr__queue_steal(gr__p *thief, gr__p *victim, bool take_next);
bool gr__queue_empty(gr__p *p);
static inline uint32_t gr__queue_length(const gr__p *p) {   /* owner of p; of its ring */
    return GR__LOAD_RELAXED(&p->tail) - GR__LOAD_RELAXED(&p->head);
}
void gr__queue_put_global(gr__g *g);
void gr__queue_put_global_locked(gr__g *first, gr__g *last, uint32_t count);
gr__g *gr__queue_get_global(gr__p *p, uint32_t max); /* moves a share into p; s held */

/* thread.c: who runs on this thread */
gr__m *gr__m_self(void);
void gr__thread_set(gr__m *m, gr__g *g);
void gr__g_set(gr__g *g);
void gr__sched_ensure(void);

/* run.c */
void gr__wake_p(void);
void gr__m_run(gr__m *m);                            /* the scheduler loop; does not return */
void gr__procs_set(uint32_t n);                      /* s held */

/* dead.c: s held; ends the program if nothing can ever run again. True: it would, were it not for
 * threads that are not ours. */
bool gr__check_dead(void);

/* g.c */
gr__g *gr__g_alloc(void);                            /* no stack */
void gr__g_recycle(gr__p *p, gr__g *g);
int32_t gr__g_count(int32_t change);                 /* living ones */
uint64_t gr__goid_next(void);

/* stack.c */
bool gr__stack_new(uintptr_t *low, uintptr_t *high);
void gr__stack_trim(uintptr_t low, uintptr_t high);  /* its cold pages go back to the kernel */
void gr__stack_overflow_init(void);
void gr__stack_overflow_thread(void);                /* this M needs a signal stack */

/* dump.c */
void gr__dump(unsigned finding, const char *words);

#endif
