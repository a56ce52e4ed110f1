/* waitgroup.c - wait until a counter is zero. State: counter above, number of waiters below.
 * Source: Go src/sync/waitgroup.go. An add from zero that has no order with a wait is misuse. */
#include "runtime/sync/sync.h"

#include "runtime/vocab/past.h"

GR__NOINLINE _Noreturn static void misused(const gr_waitgroup *w, const char *words, unsigned past) {
    gr__deed deed = {.pc = 0};
    gr__hook_deed_of(w, past, &deed);
    gr__panic_after(words, past, &deed);
}

/* The counter is 0 now, or was before, or is wrong. */
GR__NOINLINE static void add_slow(gr_waitgroup *w, int delta, uint64_t state, uintptr_t pc) {
    int32_t count = (int32_t)(state >> 32);
    uint32_t waiters = (uint32_t)state;
    if (count < 0) misused(w, "sync: negative WaitGroup counter", GR__PAST_ZEROED);
    if (delta > 0 && count == delta) gr__hook_waitgroup_raised(w, pc);
    else if (!count && delta) gr__hook_waitgroup_zero(w, pc);
    if (waiters && delta > 0 && count == delta)
        gr__panic("sync: WaitGroup misuse: Add called concurrently with Wait");
    if (count > 0 || !waiters) return;
    if (GR__LOAD(&w->gr__state) != state)
        misused(w, "sync: WaitGroup misuse: Add called concurrently with Wait", GR__PAST_ADDED);
    GR__STORE(&w->gr__state, 0);
    while (waiters-- > 0) gr__sema_release(&w->gr__waiters);
}

static inline void add(gr_waitgroup *w, int delta, uintptr_t pc) {
    gr__self();
    if (delta < 0) gr__hook_release_merge(w);
    uint64_t state = GR__ADD(&w->gr__state, (uint64_t)(int64_t)delta << 32);
    int32_t count = (int32_t)(state >> 32);
    if (GR__UNLIKELY(count <= 0 || count == delta)) add_slow(w, delta, state, pc);
}

void gr_waitgroup_add(gr_waitgroup *w, int delta) { add(w, delta, GR__CALLER_PC); }
void gr_waitgroup_done(gr_waitgroup *w) { add(w, -1, GR__CALLER_PC); }

void gr_waitgroup_wait(gr_waitgroup *w) {
    uintptr_t pc = GR__CALLER_PC;
    gr__self();
    gr__hook_waitgroup_wait(w, pc);
    uint64_t state = GR__LOAD(&w->gr__state);
    while ((int32_t)(state >> 32) != 0) {
        if (!GR__CAS(&w->gr__state, &state, state + 1)) continue;
        gr__sema_acquire(&w->gr__waiters, false, GR__WAIT_WAITGROUP_WAIT, w, pc);
        if (GR__LOAD(&w->gr__state))
            misused(w, "sync: WaitGroup is reused before previous Wait has returned", GR__PAST_ADDED);
        break;
    }
    gr__hook_acquire(w);
}
