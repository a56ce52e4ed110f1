/* sync.h - front door of the sync room: the semaphore that the primitives are built on. */
#ifndef GR_RUNTIME_SYNC_H
#define GR_RUNTIME_SYNC_H

#include "runtime/sched/sched.h"

/* A goroutine in a queue, in its own frame. Lock of the object. */
typedef struct gr__sleeper {
    gr__g *g;
    struct gr__sleeper *next;
    int64_t weight;             /* gr_sem: how much it wants */
    bool woken;                 /* gr_cond: signalled, maybe before it parked */
    bool parked;                /* gr_cond */
} gr__sleeper;

/* Take a permit, or wait for one; first: before those who wait already. */
void gr__sema_acquire(gr__sema *sema, bool first, unsigned reason, const void *object, uintptr_t pc);
/* Wake one, or leave a permit. */
void gr__sema_release(gr__sema *sema);

/* What mutexes are made of, and what others are that have one in them: nobody is told who holds it. */
void gr__mutex_lock_for(gr_mutex *mutex, unsigned reason, const void *object, uintptr_t pc);
bool gr__mutex_try(gr__g *self, gr_mutex *mutex);
void gr__mutex_give(gr__g *self, gr_mutex *mutex);

/* Queues as the public structs have them: void pointers to sleepers. */
static inline void gr__sleepers_add(void **head, void **tail, gr__sleeper *s, bool first) {
    s->next = first ? *head : NULL;
    if (first || !*head) *head = s;
    else ((gr__sleeper *)*tail)->next = s;
    if (!s->next) *tail = s;
}
static inline gr__sleeper *gr__sleepers_take(void **head, void **tail) {
    gr__sleeper *s = *head;
    if (!s) return NULL;
    *head = s->next;
    if (!*head) *tail = NULL;
    return s;
}

#endif
