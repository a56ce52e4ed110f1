/* engine.c - begin, forget, count. See engine.h. */
#include "detector/engine/extent.h"
#include "detector/engine/history.h"
#include "detector/engine/internal.h"

#include <errno.h>
#include <string.h>

gr__engine_hooks gr__engine_hooks_now;
__thread uint32_t gr__engine_inside;
__thread bool gr__engine_called;
gr__counter gr__counters[GR__SHARDS];
static uint32_t tickets; /* atomic */

int gr__engine_init(const gr__engine_hooks *hooks) {
    static bool open;
    gr__engine_hooks_now = *hooks;
    if (open) return 0;
    int saved = errno;
    errno = 0;
    open = gr__access_open() && gr__object_open() && gr__clock_open() && gr__loc_open() &&
           gr__actor_open() && gr__stack_open();
    int error = open ? 0 : errno ? errno : ENOMEM;
    errno = saved;
    return error;
}

void gr__engine_out(void) {
    gr__engine_called = false;
    if (gr__engine_hooks_now.out) gr__engine_hooks_now.out();
}

uint32_t gr__engine_ticket(void) { return __atomic_fetch_add(&tickets, 1, __ATOMIC_RELAXED); }

void gr__engine_reset(void) {
    gr__access_reset();
    gr__object_reset();
    gr__clock_reset();
    gr__loc_reset();
    gr__actor_reset();
    gr__stack_reset();
    gr__extent_reset();
    memset(gr__counters, 0, sizeof gr__counters);
    tickets = 0;
}

void gr__engine_statistics_get(gr__engine_statistics *out) {
    memset(out, 0, sizeof *out);
    for (unsigned i = 0; i < GR__SHARDS; i++) {
        out->accesses_slow += __atomic_load_n(&gr__counters[i].accesses, __ATOMIC_RELAXED);
        out->synchronisations += __atomic_load_n(&gr__counters[i].synchronisations, __ATOMIC_RELAXED);
    }
    gr__actor_counts(&out->actors, &out->forgotten_actors);
    out->locs = gr__loc_count();
    out->clock_nodes = gr__clock_nodes();
    out->overflow_records = gr__history_records();
}
