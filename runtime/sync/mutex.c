/* mutex.c - the mutex: spins a little, lets newcomers overtake, and hands itself over once somebody
 * has waited for a millisecond. Source: Go src/sync/mutex.go. State: bits below, and how many wait. */
#include "runtime/os/os.h"
#include "runtime/sync/sync.h"
#include "runtime/vocab/lock.h"

enum { LOCKED = 1, WOKEN = 2, STARVING = 4, ONE_WAITER = 8, SPINS = 4, PAUSES = 30 };
#define STARVATION_NS 1000000u

static void lock_slow(gr_mutex *m, unsigned reason, const void *object, uintptr_t pc) {
    uint64_t since = 0;
    bool starving = false, awake = false;
    int spins = 0;
    uint32_t old = GR__LOAD(&m->gr__state);
    for (;;) {
        if ((old & (LOCKED | STARVING)) == LOCKED && spins < SPINS) {
            if (!awake && !(old & WOKEN) && old / ONE_WAITER &&
                GR__CAS(&m->gr__state, &old, old | WOKEN))
                awake = true;
            for (int i = 0; i < PAUSES; i++) gr__pause();
            spins++;
            old = GR__LOAD(&m->gr__state);
            continue;
        }
        uint32_t want = old;
        if (!(old & STARVING)) want |= LOCKED;
        if (old & (LOCKED | STARVING)) want += ONE_WAITER;
        if (starving && (old & LOCKED)) want |= STARVING;
        if (awake) want &= ~(uint32_t)WOKEN;
        if (!GR__CAS(&m->gr__state, &old, want)) continue;
        if (!(old & (LOCKED | STARVING))) return;
        bool again = since != 0;
        if (!since) since = gr__os_now();
        gr__hook_lock_wait(reason, object, pc);
        gr__sema_acquire(&m->gr__waiters, again, reason, object, pc);
        gr__hook_lock_waited();
        starving = starving || gr__os_now() - since > STARVATION_NS;
        old = GR__LOAD(&m->gr__state);
        if (old & STARVING) {           /* it is ours, but nobody has written that down yet */
            uint32_t change = (uint32_t)LOCKED - ONE_WAITER;
            if (!starving || old / ONE_WAITER == 1) change -= STARVING;
            GR__ADD(&m->gr__state, change);
            return;
        }
        awake = true;
        spins = 0;
    }
}

void gr__mutex_lock_for(gr_mutex *m, unsigned reason, const void *object, uintptr_t pc) {
    uint32_t open = 0;
    if (!GR__CAS(&m->gr__state, &open, LOCKED)) lock_slow(m, reason, object, pc);
    gr__hook_lock_acquire(m);
}

void gr_mutex_lock(gr_mutex *m) {
    gr__self();
    gr__mutex_lock_for(m, GR__WAIT_MUTEX_LOCK, m, GR__CALLER_PC);
    gr__hook_locked(m, GR__LOCK_MUTEX, false, false, GR__CALLER_PC);
}

bool gr__mutex_try(gr__g *g, gr_mutex *m) {
    uint32_t old = GR__LOAD(&m->gr__state);
    if ((old & (LOCKED | STARVING)) || !GR__CAS(&m->gr__state, &old, old | LOCKED)) {
        gr__fruitless(g);
        return false;
    }
    gr__hook_lock_acquire(m);
    return true;
}

bool gr_mutex_try_lock(gr_mutex *m) {
    if (!gr__mutex_try(gr__self(), m)) return false;
    gr__hook_locked(m, GR__LOCK_MUTEX, false, true, GR__CALLER_PC);
    return true;
}

GR__NOINLINE static void unlock_slow(gr_mutex *m, uint32_t now) {
    if (now & STARVING) {
        gr__sema_release(&m->gr__waiters);
        return;
    }
    for (;;) {
        if (now < ONE_WAITER || (now & (LOCKED | WOKEN | STARVING))) return;
        if (GR__CAS(&m->gr__state, &now, (now - ONE_WAITER) | WOKEN)) {
            gr__sema_release(&m->gr__waiters);
            return;
        }
    }
}

void gr__mutex_give(gr__g *g, gr_mutex *m) {
    if (!(GR__LOAD(&m->gr__state) & LOCKED)) gr__fatal("sync: unlock of unlocked mutex");
    gr__hook_lock_release(m);
    uint32_t now = GR__ADD(&m->gr__state, (uint32_t)-LOCKED);
    if (GR__UNLIKELY(now)) unlock_slow(m, now);
    gr__safe_point(g);
}

void gr_mutex_unlock(gr_mutex *m) {
    gr__g *g = gr__self();
    gr__hook_unlock(m, GR__LOCK_MUTEX, GR__CALLER_PC);
    gr__mutex_give(g, m);
}
