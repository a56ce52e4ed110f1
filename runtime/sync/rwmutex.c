/* rwmutex.c - the reader/writer lock. Source: Go src/sync/rwmutex.go. A writer makes the number of
 * readers negative, which sends new ones to sleep, and waits for those that are inside. Two clocks:
 * the readers' semaphore stands for what writers did, the writers' for what readers did. */
#include "runtime/sync/sync.h"
#include "runtime/vocab/lock.h"

#define READERS_MAX (1 << 30)

void gr_rwmutex_rlock(gr_rwmutex *m) {
    gr__self();
    if (GR__ADD(&m->gr__readers, 1) < 0) {
        gr__hook_lock_wait(GR__WAIT_RWMUTEX_RLOCK, m, GR__CALLER_PC);
        gr__sema_acquire(&m->gr__reader_sem, false, GR__WAIT_RWMUTEX_RLOCK, m, GR__CALLER_PC);
        gr__hook_lock_waited();
    }
    gr__hook_lock_acquire(&m->gr__reader_sem);
    gr__hook_locked(m, GR__LOCK_RWMUTEX, true, false, GR__CALLER_PC);
}

bool gr_rwmutex_try_rlock(gr_rwmutex *m) {
    gr__g *g = gr__self();
    int32_t n = GR__LOAD(&m->gr__readers);
    while (n >= 0) {
        if (!GR__CAS(&m->gr__readers, &n, n + 1)) continue;
        gr__hook_lock_acquire(&m->gr__reader_sem);
        gr__hook_locked(m, GR__LOCK_RWMUTEX, true, true, GR__CALLER_PC);
        return true;
    }
    gr__fruitless(g);
    return false;
}

void gr_rwmutex_runlock(gr_rwmutex *m) {
    gr__self();
    gr__hook_unlock(m, GR__LOCK_RWMUTEX, GR__CALLER_PC);
    gr__hook_lock_release_merge(&m->gr__writer_sem);
    int32_t n = GR__ADD(&m->gr__readers, -1);
    if (n >= 0) return;
    if (n + 1 == 0 || n + 1 == -READERS_MAX) gr__fatal("sync: RUnlock of unlocked RWMutex");
    if (GR__ADD(&m->gr__departing, -1) == 0) gr__sema_release(&m->gr__writer_sem);
}

/* Those who read go on, and no others come in. Who looks at waits must know that a writer is here before any
 * reader waits behind it. */
GR__NOINLINE static void drain(gr_rwmutex *m, uintptr_t pc) {
    gr__hook_lock_wait(GR__WAIT_RWMUTEX_DRAIN, m, pc);
    int32_t inside = GR__ADD(&m->gr__readers, -READERS_MAX) + READERS_MAX;
    if (inside && GR__ADD(&m->gr__departing, inside) != 0)
        gr__sema_acquire(&m->gr__writer_sem, false, GR__WAIT_RWMUTEX_LOCK, m, pc);
    gr__hook_lock_waited();
}

void gr_rwmutex_lock(gr_rwmutex *m) {
    uintptr_t pc = GR__CALLER_PC;
    gr__self();
    gr__mutex_lock_for(&m->gr__writer, GR__WAIT_RWMUTEX_LOCK, m, pc);
    int32_t none = 0;
    if (!GR__CAS(&m->gr__readers, &none, -READERS_MAX)) drain(m, pc);
    gr__hook_lock_acquire(&m->gr__reader_sem);
    gr__hook_lock_acquire(&m->gr__writer_sem);
    gr__hook_locked(m, GR__LOCK_RWMUTEX, false, false, pc);
}

bool gr_rwmutex_try_lock(gr_rwmutex *m) {
    gr__g *g = gr__self();
    int32_t none = 0;
    if (!gr__mutex_try(g, &m->gr__writer)) return false;
    if (!GR__CAS(&m->gr__readers, &none, -READERS_MAX)) {
        gr__mutex_give(g, &m->gr__writer);
        gr__fruitless(g);
        return false;
    }
    gr__hook_lock_acquire(&m->gr__reader_sem);
    gr__hook_lock_acquire(&m->gr__writer_sem);
    gr__hook_locked(m, GR__LOCK_RWMUTEX, false, true, GR__CALLER_PC);
    return true;
}

void gr_rwmutex_unlock(gr_rwmutex *m) {
    gr__g *g = gr__self();
    gr__hook_unlock(m, GR__LOCK_RWMUTEX, GR__CALLER_PC);
    gr__hook_lock_release(&m->gr__reader_sem);
    int32_t waiting = GR__ADD(&m->gr__readers, READERS_MAX);
    if (waiting >= READERS_MAX) gr__fatal("sync: Unlock of unlocked RWMutex");
    while (waiting-- > 0) gr__sema_release(&m->gr__reader_sem);
    gr__mutex_give(g, &m->gr__writer);
}
