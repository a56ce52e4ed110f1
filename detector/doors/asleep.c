/* asleep.c - the question "can anything ever run again" where threads stand in calls of pthreads. What
 * goroutines do the scheduler knows (runtime/sched/dead.c); its part of the answer is asked for.
 *
 * Asked is in the background: when as many threads stand as are known to live, a thread of ours, the watch,
 * wakes and looks twice. A thread that was just woken is still on the books as waiting, so the books are
 * not enough: the kernel must say of each that it sleeps, and that it did not run between the two looks.
 * All of them slept then at the moment between, and whoever sleeps in such a call is woken by a thread
 * that runs, by a signal's handler, or by another process; there was no such thread, and the program must
 * have no handler and share no object that is waited for. Threads that wait for the clock or the world,
 * or for something that nobody here knows, are not on the books: then their number does not fit.
 *
 * The watch begins when it is needed first, blocks all signals and holds nothing. A process whose main thread has
 * ended ends with its last thread: so the watch ends before that. */
#include "detector/doors/asleep.h"

#include "detector/doors/interpose.h"
#include "detector/doors/waits.h"
#include "runtime/base/proc.h"
#include "runtime/inspect/anatomy.h"
#include "runtime/os/os.h"
#include "runtime/sched/sched.h"

#include <errno.h>
#include <sys/syscall.h>

enum { WATCH_STACK = 128 * 1024 };
#define FIRST_LOOK_NS ((uint64_t)20000000)  /* who was woken just now has run by then */
#define LONGEST_NS ((uint64_t)640000000)

static uint32_t living;     /* atomic */
static uint32_t asked;      /* atomic, futex: 1: somebody asks */
static uint32_t watching;   /* atomic: somebody starts the watch, or has */
static uint32_t counted;    /* atomic: the watch is there, and the scheduler knows */
static uint32_t main_gone;  /* atomic */
static uint32_t quit;       /* atomic, futex: 1: the watch shall end */
static pthread_t thread;    /* the watch; whoever set `watching` */

void gr__asleep_main_gone(void) { GR__STORE(&main_gone, 1); }
int gr__asleep_helpers(void) { return GR__LOAD(&counted) ? 1 : 0; }

/* Cheap: may it be that nobody runs? Where goroutines run, the scheduler must be asked. */
static bool may_be(void) {
    uint32_t standing = GR__LOAD(&gr__threads_standing);
    return standing && (standing >= GR__LOAD(&living) || gr__sched_in_use());
}

/* --- what the kernel says --- */

/* How often the thread has run so far, if it sleeps now. */
static bool sleeps(int tid, char state, uint64_t *runs) {
    char path[GR__PROC_PATH], text[4096];
    gr__proc_path(path, GR__PROC_TASKS, tid, "/status");
    if (!gr__proc_read(path, text, sizeof text)) return false;
    const char *now = gr__proc_field(text, "State:");
    *runs = gr__proc_field_number(text, "voluntary_ctxt_switches:", 10) +
            gr__proc_field_number(text, "nonvoluntary_ctxt_switches:", 10);
    return now && *now == state;
}

/* Signals with a handler that may do something for others. Faults come of what a thread does; libc has two
 * of its own, and the runtime has some. */
static bool handlers_wait(void) {
    char text[4096];
    return !gr__proc_read("/proc/self/status", text, sizeof text) || !gr__proc_field(text, "SigCgt:") ||
           (gr__proc_field_number(text, "SigCgt:", 16) & ~gr__signals_of_ours()) != 0;
}

/* --- objects that other processes may have, too --- */

typedef struct standing {
    int tid;
    bool has_address;
    uintptr_t object;
    uint64_t serial, runs;
} standing;

typedef struct standings {
    const standing *all;
    size_t count;
} standings;

/* A line of maps begins `low-high rwxs`, where s says that it is shared. */
static bool holds_none(const char *line, void *argument) {
    const standings *s = argument;
    uintptr_t low = gr__proc_number(&line, 16), high;
    line++;
    high = gr__proc_number(&line, 16);
    if (line[0] != ' ' || line[4] != 's') return true;
    for (size_t i = 0; i < s->count; i++)
        if (s->all[i].has_address && s->all[i].object - low < high - low) return false;
    return true;
}

/* True too when there is no telling. */
static bool any_shared(const standing *all, size_t n) {
    char text[8192];
    standings s = {all, n};
    return !gr__proc_lines("/proc/self/maps", text, sizeof text, holds_none, &s);
}

/* --- a look --- */

typedef struct look {
    standing *all;
    size_t count, room;
} look;

static void note(gr__waiting *w, void *argument) {
    look *l = argument;
    if (!w->tid || l->count == l->room) return;
    for (size_t i = 0; i < l->count; i++) /* a handler's wait within another */
        if (l->all[i].tid == w->tid) return;
    l->all[l->count++] = (standing){w->tid, w->reason != GR__WAIT_PTHREAD_JOIN, (uintptr_t)w->object,
                                    w->serial, 0};
}

/* Nobody runs but the watch; *l says who stands. */
static bool nobody_runs(look *l) {
    int zombies = 0;
    uint64_t runs;
    l->count = 0;
    gr__waits_lock();
    gr__waits_each(note, l);
    gr__waits_unlock();
    if (!l->count || l->count == l->room) return false;
    if (GR__LOAD(&main_gone)) {
        if (!sleeps((int)syscall(SYS_getpid), 'Z', &runs)) return false;
        zombies = 1;
    }
    if (!gr__sched_asleep((int)l->count + zombies)) return false;
    for (size_t i = 0; i < l->count; i++)
        if (!sleeps(l->all[i].tid, 'S', &l->all[i].runs)) return false;
    return true;
}

static bool is_same(const look *a, const look *b) {
    if (a->count != b->count) return false;
    for (size_t i = 0; i < a->count; i++)
        if (a->all[i].serial != b->all[i].serial || a->all[i].runs != b->all[i].runs) return false;
    return true;
}

static void nap(uint64_t ns) { gr__os_wait(&quit, 0, gr__os_now() + ns); }

static bool twice(look *first, look *second) {
    if (!nobody_runs(first)) return false;
    nap(FIRST_LOOK_NS / 4);
    return nobody_runs(second) && is_same(first, second) && !handlers_wait() &&
           !any_shared(first->all, first->count);
}

static bool dead(void) {
    look first = {.room = GR__LOAD(&gr__threads_standing) + 16}, second = {.room = first.room};
    first.all = gr__alloc(2 * first.room * sizeof *first.all);
    if (!first.all) return false;
    second.all = first.all + first.room;
    bool is = twice(&first, &second);
    gr__free(first.all, 2 * first.room * sizeof *first.all);
    return is;
}

/* --- the watch --- */

static void *watch(void *nothing) {
    gr__anatomy_help(GR__HELPER_WATCH);
    while (!GR__LOAD(&quit)) {
        while (!GR__LOAD(&asked)) gr__os_wait(&asked, 0, 0);
        /* Asked stays set meanwhile: many threads may begin and end, and none of them has to wake us. */
        uint64_t wait = FIRST_LOOK_NS;
        do {
            nap(wait);
            wait = GR__SWAP(&asked, 0) ? FIRST_LOOK_NS : wait < LONGEST_NS ? 2 * wait : wait;
            if (may_be() && dead()) gr__all_asleep();
        } while (may_be() && !GR__LOAD(&quit));
    }
    gr__anatomy_help_no_more(GR__HELPER_WATCH);
    return nothing;
}

static bool start_thread(void) {
    pthread_attr_t attributes;
    int saved = errno;
    uint64_t before = gr__os_signals_block();
    gr__own++;
    pthread_attr_init(&attributes);
    pthread_attr_setstacksize(&attributes, WATCH_STACK);
    int failed = REAL(pthread_create)(&thread, &attributes, watch, NULL);
    pthread_attr_destroy(&attributes);
    gr__own--;
    gr__os_signals_set(before);
    errno = saved;
    return !failed;
}

/* It is counted as one that runs nothing when it is there, and no more before it is gone: in between, one that runs
 * would be taken for it. */
static void count_watch(int change) {
    GR__STORE(&counted, change > 0);
    gr__sched_helper(change);
}

static void start(void) {
    uint32_t none = 0;
    if (!GR__CAS(&watching, &none, 1)) return;
    if (start_thread()) count_watch(1);
    else GR__STORE(&watching, 0); /* another may have better luck */
}

/* By the last thread of the program, which is about to end. */
static void stop(void) {
    if (!GR__LOAD(&watching)) return;
    count_watch(-1);
    GR__STORE(&quit, 1);
    GR__STORE(&asked, 1);
    gr__os_wake(&quit, 1);
    gr__os_wake(&asked, 1);
    REAL(pthread_join)(thread, NULL);
    GR__STORE(&quit, 0);
    GR__STORE(&asked, 0);
    GR__STORE(&watching, 0);
}

void gr__asleep_count(int change) {
    uint32_t left = GR__ADD(&living, (uint32_t)change);
    if (change > 0) return;
    if (!left && GR__LOAD(&main_gone)) stop();
    else gr__asleep_ask();
}

void gr__asleep_ask(void) {
    if (!may_be() || gr__forked) return;
    if (!GR__LOAD(&watching)) start();
    if (!GR__LOAD(&asked) && !GR__SWAP(&asked, 1)) gr__os_wake(&asked, 1);
}

void gr__asleep_forked(void) {
    gr__anatomy_help_no_more(GR__HELPER_WATCH);
    watching = counted = asked = quit = 0;
}
