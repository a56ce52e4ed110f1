/* dead.c - can anything ever run again? Called with the scheduler's lock held when the last M goes
 * to sleep or a foreign thread parks. Threads that are neither ours nor parked with us may do
 * anything; while there are such, the question is asked again from time to time. */
#include "runtime/sched/internal.h"

#include "runtime/net/net.h"
#include "runtime/os/os.h"
#include "runtime/time/time.h"
#include "runtime/vocab/finding.h"

bool gr__check_dead(void) {
    if (gr__s.ms_idle < gr__s.ms || gr__s.length || gr__net_active() ||
        gr__alarms_next() || GR__LOAD(&gr__s.dying))
        return false;
    if (gr__os_threads() > gr__s.ms + gr__s.foreign_parked + GR__LOAD(&gr__s.helpers)) return true;
    gr__unlock(&gr__s.lock);
    if (GR__LOAD(&gr__s.main_gone) && gr__g_count(0) == 0)
        gr__fatal("no goroutines (main called runtime.Goexit) - deadlock!");
    gr__dump(GR__FINDING_ALL_ASLEEP, "");
}
