/* exit.c - the end of the program. */
#include "detector/doors/doors.h"
#include "detector/doors/leaks.h"
#include "detector/doors/log.h"
#include "detector/doors/misuse.h"
#include "detector/doors/sample.h"
#include "detector/doors/tell.h"
#include "runtime/inspect/record.h"
#include "runtime/inspect/session.h"
#include "runtime/os/os.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <time.h>
#include <unistd.h>

static uint32_t checked; /* atomic */
__thread uintptr_t gr__exit_from;

static void summarise(void) {
    gr__engine_statistics s;
    gr__engine_statistics_get(&s);
    gr__rec_summary r = {.accesses = s.accesses_slow, .synchronisations = s.synchronisations,
                         .actors = s.actors, .instrumented_modules = 1,
                         .lost_history = s.forgotten_actors, .findings = gr__session_findings()};
    gr__sample_share(&r.sampled_seen, &r.sampled_of);
    char bytes[128];
    gr__record_buffer b = {bytes, 0, sizeof bytes, false};
    gr__put_summary(&b, &r);
    gr__session_tell(bytes, b.length);
}

static void wait_for_more(void) {
    long ms = gr__option.atexit_sleep_ms;
    if (ms <= 0) return;
    struct timespec left = {ms / 1000, ms % 1000 * 1000000};
    gr__own--; /* the others are watched meanwhile, and so are we */
    while (nanosleep(&left, &left) != 0 && errno == EINTR) {}
    gr__own++;
}

int gr__exit_check(int status) {
    if (!gr__doors_ready || GR__SWAP(&checked, 1)) return status;
    if (!gr__forked) gr__go_look();
    gr__own++;
    wait_for_more();
    if (!gr__forked) gr__leaks_at_end(gr__exit_from);
    summarise();
    gr__log_complete();
    if (gr__session_findings() && !gr__session_has_parent() && gr__option.exitcode)
        status = (int)gr__option.exitcode;
    gr__session_close();
    gr__own--;
    return status;
}

/* What the program printed comes before our reports; libc would flush right after us. */
static void flush(void) {
    gr__own++;
    fflush(NULL);
    gr__own--;
}

static void at_exit(int status, void *argument) {
    (void)argument;
    flush();
    int wanted = gr__exit_check(status);
    if (wanted != status) gr__os_exit(wanted);
}

static void quick(void) {
    if (gr__exit_check(0)) gr__os_exit((int)gr__option.exitcode);
}

/* Registered first, so that it runs last: after the destructors of all objects. */
void gr__exit_init(void) {
    on_exit(at_exit, NULL);
    at_quick_exit(quick);
}

void gr__exit_forked(void) { GR__STORE(&checked, 0); }
