/* dead.c - can anything ever run again? Called with the scheduler's lock held when the last M goes
 * to sleep or a foreign thread parks. Threads that are neither ours nor parked with us may do
 * anything; while there are such, the question is asked again from time to time. Of those that stand in
 * calls of pthreads the detector knows more; it asks for the scheduler's part of the answer. */
#include "runtime/sched/internal.h"

#include "runtime/net/net.h"
#include "runtime/os/os.h"
#include "runtime/time/time.h"
#include "runtime/vocab/finding.h"

/* s held: no goroutine waits for a processor, the clock or a descriptor, and the program is not about to end. */
static bool nothing_pending(void) {
    return !gr__s.length && !gr__net_active() && !gr__alarms_next() && !GR__LOAD(&gr__s.dying);
}

/* s held: how many threads sleep that run goroutines, are goroutines of their own, or help. Helpers are counted
 * while they are there: so this is asked before the kernel, or one that has just begun would stand for one that
 * runs. */
static int sleeping(void) {
    return gr__s.ms_idle + gr__s.foreign_parked + GR__LOAD(&gr__s.helpers);
}

bool gr__check_dead(void) {
    if (gr__s.ms_idle < gr__s.ms || !nothing_pending()) return false;
    int asleep = sleeping();
    if (gr__os_threads() > asleep) return true;
    gr__unlock(&gr__s.lock);
    if (GR__LOAD(&gr__s.main_gone) && gr__g_count(0) == 0)
        gr__fatal("no goroutines (main called runtime.Goexit) - deadlock!");
    gr__all_asleep();
}

void gr__all_asleep(void) { gr__dump(GR__FINDING_ALL_ASLEEP, ""); }

bool gr__sched_in_use(void) { return GR__LOAD(&gr__s.procs_made) != 0; }

void gr__sched_helper(int change) { GR__ADD(&gr__s.helpers, change); }

/* A thread that stands in a call may have a P, with goroutines that another will run. */
static bool any_queued(void) {
    uint32_t n = GR__LOAD(&gr__s.procs_made);
    for (uint32_t i = 0; i < n; i++) {
        gr__p *p = GR__LOAD(&gr__s.ps[i]);
        if (GR__LOAD_RELAXED(&p->next) || !gr__queue_empty(p)) return true;
    }
    return false;
}

bool gr__sched_asleep(int others) {
    gr__lock(&gr__s.lock);
    int known = sleeping() + others;
    bool asleep = nothing_pending() && !any_queued() && gr__os_threads() == known;
    gr__unlock(&gr__s.lock);
    return asleep;
}
