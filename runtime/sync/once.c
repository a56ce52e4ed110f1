/* once.c - do something once; who comes meanwhile waits until it is done. */
#include "runtime/sync/sync.h"
#include "runtime/vocab/lock.h"

void gr_once_do(gr_once *once, void (*fn)(void)) {
    gr__g *g = gr__self();
    if (!GR__LOAD_ACQUIRE(&once->gr__done)) {
        gr__mutex_lock_for(&once->gr__mutex, GR__WAIT_ONCE, once, GR__CALLER_PC);
        if (!once->gr__done) {
            gr__hook_locked(once, GR__LOCK_ONCE, false, false, GR__CALLER_PC);
            fn();
            gr__hook_unlock(once, GR__LOCK_ONCE, GR__CALLER_PC);
            gr__hook_release(once);
            GR__STORE_RELEASE(&once->gr__done, 1);
        }
        gr__mutex_give(g, &once->gr__mutex);
    }
    gr__hook_acquire(once);
}
