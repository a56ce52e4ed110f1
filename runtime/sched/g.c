/* g.c - goroutines as objects: where they live, their numbers, the list of all.
 *
 * They live in slabs that are never given back, and keep their stacks when they end, so starting
 * one is mostly taking it from a list. `slabs` only grows: readers walk it without a lock. */
#include "runtime/sched/internal.h"

#include "runtime/arch/arch.h"
#include "runtime/os/os.h"

enum { SLAB = 256, LOCAL_FREE = 64, WARM = 1024 };

typedef struct slab {
    struct slab *next;
    uint32_t used;              /* a */
    gr__g gs[SLAB];
} slab;

static slab *slabs;             /* a */
static uint32_t lock;           /* of what follows, and of adding slabs */
static gr__g *free_list, *bare_list;    /* with and without a stack */
static uint32_t free_count;

static uint64_t last_goid = 1;  /* a: 1 is main's */
static int32_t living;          /* a */

uint64_t gr__goid_next(void) { return GR__ADD(&last_goid, 1); }
int32_t gr__g_count(int32_t change) { return GR__ADD(&living, change); }

static gr__g *fresh_locked(void) {
    if (!slabs || slabs->used == SLAB) {
        slab *s = gr__pages(sizeof(slab));
        if (!s) return NULL;
        s->next = slabs;
        GR__STORE(&slabs, s);
    }
    gr__g *g = &slabs->gs[slabs->used];
    GR__STORE(&slabs->used, slabs->used + 1);
    return g;
}

gr__g *gr__g_alloc(void) {
    gr__lock(&lock);
    gr__g *g = bare_list;
    if (g) bare_list = g->link;
    else g = fresh_locked();
    gr__unlock(&lock);
    if (!g) gr__fatal("out of memory: no room for a goroutine");
    return g;
}

static gr__g *take_free(gr__p *p) {
    gr__g *g;
    if (p && p->free) {
        g = p->free;
        p->free = g->link;
        p->free_count--;
        return g;
    }
    gr__lock(&lock);
    g = free_list;
    if (g) {
        free_list = g->link;
        free_count--;
        while (p && free_list && p->free_count < LOCAL_FREE / 2) {
            gr__g *more = free_list;
            free_list = more->link;
            free_count--;
            more->link = p->free;
            p->free = more;
            p->free_count++;
        }
    }
    gr__unlock(&lock);
    return g;
}

/* What the next user must not see. */
static void wipe(gr__g *g) {
    gr__g_head *h = &g->head;
    h->detector = NULL;
    h->name[0] = 0;
    h->cases = NULL;
    h->case_count = 0;
    h->wait_object = NULL;
    h->wait = GR__WAIT_NONE;
    g->select_done = 0;
    g->fruitless = 0;
    g->blocking = 0;
}

static void put_global(gr__g *g) {
    if (GR__LOAD_RELAXED(&free_count) > WARM) gr__stack_trim(g->head.stack_low, g->head.stack_high);
    gr__lock(&lock);
    g->link = free_list;
    free_list = g;
    free_count++;
    gr__unlock(&lock);
}

void gr__g_recycle(gr__p *p, gr__g *g) {
    GR__STORE(&g->head.state, 0);
    gr__g_count(-1);
    wipe(g);
    if (g->head.foreign) {
        g->head.foreign = false;
        gr__lock(&lock);
        g->link = bare_list;
        bare_list = g;
        gr__unlock(&lock);
    } else if (!p) {
        put_global(g);
    } else {
        g->link = p->free;
        p->free = g;
        if (++p->free_count <= LOCAL_FREE) return;
        while (p->free_count > LOCAL_FREE / 2) {
            gr__g *surplus = p->free;
            p->free = surplus->link;
            p->free_count--;
            put_global(surplus);
        }
    }
}

gr__g *gr__g_new(void (*fn)(void), const uintptr_t *words, int count, uintptr_t pc) {
    gr__g *self = gr__self();
    gr__m *m = gr__m_self();
    gr__g *g = take_free(m ? m->p : NULL);
    if (!g) {
        g = gr__g_alloc();
        if (!gr__stack_new(&g->head.stack_low, &g->head.stack_high))
            gr__fatal("out of memory: no room for a goroutine's stack");
    }
    g->head.goid = gr__goid_next();
    g->head.creator = self->head.goid;
    g->head.created_pc = pc;
    g->fn = fn;
    for (int i = 0; i < count; i++) g->words[i] = words[i];
    g->sp = gr__stack_prepare(g->head.stack_high);
    gr__hook_stack_new(g, (void *)g->head.stack_low, (void *)g->head.stack_high);
    gr__hook_go(g, pc);
    return g;
}

void gr__g_start(gr__g *g) {
    gr__g_count(1);
    gr__ready(g);
}

void gr__g_discard(gr__g *g) {
    gr__hook_goexit(g);
    gr__g_count(1);
    gr__g_recycle(NULL, g);
}

/* --- the view from outside (inspect/goroutine.h) --- */

static void sift(gr__g **heap, size_t at, size_t n) {
    for (size_t child; (child = 2 * at + 1) < n; at = child) {
        if (child + 1 < n && heap[child + 1]->head.goid > heap[child]->head.goid) child++;
        if (heap[at]->head.goid >= heap[child]->head.goid) return;
        gr__g *t = heap[at];
        heap[at] = heap[child];
        heap[child] = t;
    }
}

static void sort(gr__g **gs, size_t n) {
    for (size_t i = n / 2; i-- > 0;) sift(gs, i, n);
    while (n > 1) {
        gr__g *t = gs[0];
        gs[0] = gs[--n];
        gs[n] = t;
        sift(gs, 0, n);
    }
}

void gr__g_each(void (*visit)(struct gr__g *g, void *argument), void *argument) {
    size_t room = 0, n = 0;
    slab *first = GR__LOAD(&slabs);
    for (slab *s = first; s; s = s->next) room += SLAB;
    if (!room) return;
    gr__g **all = gr__pages(room * sizeof(gr__g *));
    if (!all) return;
    for (slab *s = first; s; s = s->next)
        for (uint32_t i = 0; i < GR__LOAD(&s->used); i++)
            if (GR__LOAD(&s->gs[i].head.state)) all[n++] = &s->gs[i];
    sort(all, n);
    for (size_t i = 0; i < n; i++) visit(all[i], argument);
    gr__pages_free(all, room * sizeof(gr__g *));
}

bool gr__g_blocked(struct gr__g *g) {
    if (GR__LOAD(&g->head.state) != GR__STATE_WAITING) return false;
    return g->head.wait != GR__WAIT_SELECT || !GR__LOAD(&g->select_done);
}
