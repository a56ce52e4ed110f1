/* once.c - do something once; who comes meanwhile waits until it is done. */
#include "runtime/sync/sync.h"
#include "runtime/vocab/finding.h"
#include "runtime/vocab/lock.h"

/* While the function runs, the number of its goroutine stands in the once: coming here again that one would
 * wait for itself. As in Go it does, but somebody is told: by the detector, where there is one, as of a circle
 * of one. */
GR__NOINLINE static void look_for_recursion(const gr_once *once, const gr__g *g, uintptr_t pc) {
    if (GR__HOOK_SEES_CIRCLES || GR__LOAD_RELAXED(&once->gr__runner) != (uint32_t)g->head.goid) return;
    gr__report_misuse(GR__FINDING_ONCE_RECURSION, NULL, pc, NULL,
                      "The function of a once calls the same once, and waits for itself for ever. Call what "
                      "both need without the once in the function.");
}

void gr_once_do(gr_once *once, void (*fn)(void)) {
    gr__g *g = gr__self();
    if (!GR__LOAD_ACQUIRE(&once->gr__done)) {
        uintptr_t pc = GR__CALLER_PC;
        look_for_recursion(once, g, pc);
        gr__mutex_lock_for(&once->gr__mutex, GR__WAIT_ONCE, once, pc);
        if (!once->gr__done) {
            gr__hook_locked(once, GR__LOCK_ONCE, false, false, pc);
            GR__STORE_RELAXED(&once->gr__runner, (uint32_t)g->head.goid);
            fn();
            GR__STORE_RELAXED(&once->gr__runner, 0);
            gr__hook_unlock(once, GR__LOCK_ONCE, pc);
            gr__hook_release(once);
            GR__STORE_RELEASE(&once->gr__done, 1);
        }
        gr__mutex_give(g, &once->gr__mutex);
    }
    gr__hook_acquire(once);
}
