/* monitor.c - a thread that holds no P and looks after those that do. Source: Go src/runtime/proc.go,
 * sysmon; the taking of a P from a running thread without a signal is ours.
 *
 * Every 20 us at first, less and less often while all goes well, and not at all while nobody runs, it
 * looks at each P in use:
 *  - what is to run next waits though the goroutine that runs now has not changed: it goes into the ring,
 *    where others can take it, and who keeps others waiting like that wakes others at once from now on;
 *  - goroutines run for microseconds each while others wait: those who make others ready wake a thread
 *    for them at once, until it changes;
 *  - one goroutine has run for 10 ms while others wait: it is asked to let them run at its next call of
 *    the runtime; when that does not come, its P goes to another thread, and it runs on without one until
 *    it calls. So a loop that calls nothing, or a call that blocks the thread, holds up nobody.
 * Where all who run are at something long, it looks for due alarms and ready descriptors in their place.
 * Now and then it also gives the memory of stacks back that nobody has used meanwhile (g.c).
 *
 * No signal is sent: the program's own calls are never interrupted, and no lock that it holds changes
 * threads. */
#include "runtime/sched/internal.h"

#include "runtime/net/net.h"
#include "runtime/os/os.h"
#include "runtime/time/time.h"

#include <sys/single_threaded.h>

enum { EAGER = 64, IDLE_LOOKS = 64, QUIET_LOOKS = 50, M_STACK = 128 * 1024 };
#define SHORTEST_NS ((uint64_t)20000)
#define LONGEST_NS ((uint64_t)2000000)
#define CALM_LOOKS 10
#define SLICE_NS ((uint64_t)10000000)
#define LATE_NS ((uint64_t)500000)
#define WORTH_WAKING_NS 2000
#define FIGHT_NS ((uint64_t)100)     /* what it costs to find a lock taken, at the least */
#define COOL_EVERY_NS ((uint64_t)50000000)

/* What the monitor is to know. ASLEEP: it sleeps until somebody runs; DUMP: gr__dump_request. */
enum { ASLEEP = 1, DUMP = 2 };
static uint32_t calls;          /* a: futex */

/* Take p from the M that runs a goroutine with it. s held. False: it is at work in the runtime, or has
 * none. See struct gr__m. */
static bool seize(gr__p *p) {
    gr__m *m = p->m;
    if (!m || !GR__LOAD_RELAXED(&gr__s.watched) || GR__LOAD_RELAXED(&m->p) != p ||
        GR__LOAD_RELAXED(&m->busy))
        return false;
    GR__STORE(&m->p, NULL);
    gr__os_barrier_everywhere();
    if (!GR__LOAD(&m->busy)) return true;
    GR__STORE(&m->p, p);
    return false;
}

static void give_back(gr__p *p) { GR__STORE(&p->m->p, p); }

/* p->next has waited: let others take it. */
static bool expose_next(gr__p *p) {
    bool exposed = false;
    gr__lock(&gr__s.lock);
    if (seize(p)) {
        gr__g *g = p->next, *now = p->m->current;
        if (g) {
            GR__STORE_RELAXED(&p->next, NULL);
            GR__STORE_RELAXED(&g->eager, EAGER);
            if (now) GR__STORE_RELAXED(&now->eager, EAGER);
            if (!gr__queue_try_put(p, g)) gr__queue_put_global_locked(g, g, 1);
            exposed = true;
        }
        give_back(p);
    }
    gr__unlock(&gr__s.lock);
    if (exposed) gr__wake_p();
    return exposed;
}

static bool others_wait(gr__p *p) {
    return GR__LOAD_RELAXED(&p->next) || !gr__queue_empty(p) || GR__LOAD(&gr__s.length);
}

/* The goroutine that p runs has had its time, and maybe was told so before. If another has taken its place
 * just now, that one yields once too often. */
static void end_slice(gr__p *p, bool take_away) {
    gr__lock(&gr__s.lock);
    gr__g *g = p->m ? GR__LOAD_RELAXED(&p->m->current) : NULL;
    if (g) GR__STORE_RELAXED(&g->preempt, 1);
    if (take_away && seize(p)) gr__m_start(p, false);
    gr__unlock(&gr__s.lock);
}

/* Goroutines of p came and went since the last look. Where each ran for a while and others waited, it pays to
 * wake a thread for those; where they hand over to each other every few hundred nanoseconds, it does not;
 * and where threads have mostly fought for locks, fewer do more: all but the first P are folded up for a
 * while. */
static void weigh(gr__p *p, uint32_t runs, uint64_t elapsed, uint32_t fights) {
    if (!GR__LOAD_RELAXED(&p->next) && gr__queue_empty(p)) return;
    enum gr__crowd crowd = GR__CROWD_USUAL;
    if (fights * FIGHT_NS > elapsed / 4) {
        crowd = GR__CROWD_LARGE;
        p->quiet = QUIET_LOOKS;
        if (p->id) GR__STORE_RELAXED(&p->fold, true);
    } else if (p->quiet) {
        crowd = GR__CROWD_LARGE;
        p->quiet--;
    } else if (elapsed / runs >= WORTH_WAKING_NS) {
        crowd = GR__CROWD_NONE;
    }
    GR__STORE_RELAXED(&p->crowd, (uint8_t)crowd);
    if (crowd == GR__CROWD_NONE && !gr__queue_empty(p)) gr__wake_p();
}

/* How often p's thread has found a lock taken since the last look. */
static uint32_t fights_of(gr__p *p) {
    gr__m *m = GR__LOAD_RELAXED(&p->m), *before = p->seen_m;
    uint32_t *at = m ? GR__LOAD_ACQUIRE(&m->fights_at) : NULL;
    if (!at) return 0;
    uint32_t fights = GR__LOAD_RELAXED(at), fought = fights - p->seen_fights;
    p->seen_fights = fights;
    p->seen_m = m;
    return m == before ? fought : 0;
}

/* True: there was something to do. */
static bool look_at(gr__p *p, uint64_t now) {
    uint32_t tick = GR__LOAD_RELAXED(&p->tick), runs = tick - p->seen_tick;
    uint64_t elapsed = now - p->seen_ns;
    uint32_t fought = fights_of(p);
    p->seen_tick = tick;
    p->seen_ns = now;
    if (runs) {
        p->seen_since = now;
        p->asked = false;
        weigh(p, runs, elapsed, fought);
        return false;
    }
    if (!others_wait(p)) return false;
    if (GR__LOAD_RELAXED(&p->next) && GR__LOAD(&gr__s.idle_p_count)) return expose_next(p);
    if (!gr__queue_empty(p)) gr__wake_p();
    if (now - p->seen_since < SLICE_NS) return false;
    end_slice(p, p->asked);
    p->asked = !p->asked;
    p->seen_since = now;
    return true;
}

static bool look(uint64_t now) {
    bool any = false;
    uint32_t n = GR__LOAD(&gr__s.procs_made);
    for (uint32_t i = 0; i < n; i++) {
        gr__p *p = GR__LOAD(&gr__s.ps[i]);
        if (GR__LOAD_RELAXED(&p->m)) any |= look_at(p, now);
    }
    return any;
}

/* All who run are at something long: nobody looks whether an alarm is due or a descriptor ready. */
static bool stand_in(uint64_t now) {
    bool any = false;
    uint64_t next = gr__alarms_next();
    if (next && now >= next + LATE_NS) any = gr__alarms_run(now);
    if (gr__net_active() && now - GR__LOAD_RELAXED(&gr__s.polled) >= SLICE_NS) {
        GR__STORE_RELAXED(&gr__s.polled, now);
        any |= gr__net_poll(0) != 0;
    }
    return any;
}

static bool nobody_runs(void) {
    return GR__LOAD(&gr__s.idle_p_count) >= GR__LOAD(&gr__s.procs);
}

static void sleep_until_somebody_runs(void) {
    __atomic_or_fetch(&calls, ASLEEP, __ATOMIC_SEQ_CST);
    gr__hook_rest_begin();
    while (GR__LOAD(&calls) == ASLEEP && nobody_runs()) gr__os_wait(&calls, ASLEEP, 0);
    gr__hook_rest_end();
    __atomic_and_fetch(&calls, ~(uint32_t)ASLEEP, __ATOMIC_SEQ_CST);
}

static void *monitor(void *nothing) {
    (void)nothing;
    uint64_t delay = SHORTEST_NS, cooled = gr__os_now();
    unsigned calm = 0, idle = 0;
    bool warm = false;
    GR__STORE(&gr__s.monitor, gr__os_tid());
    gr__anatomy_help(GR__HELPER_MONITOR);
    if (!GR__LOAD(&gr__s.watched) && gr__os_barrier_register()) GR__STORE(&gr__s.watched, 1);
    while (!(GR__LOAD(&calls) & DUMP)) {
        uint64_t now = gr__os_now();
        GR__STORE_RELAXED(&gr__s.clock, now);
        if (now - cooled > COOL_EVERY_NS) {
            warm = gr__g_cool();
            cooled = now;
        }
        if (look(now) | stand_in(now)) {
            calm = 0;
            delay = SHORTEST_NS;
        } else if (++calm > CALM_LOOKS && delay < LONGEST_NS) {
            delay *= 2;
        }
        idle = nobody_runs() && !warm ? idle + 1 : 0;
        if (idle < IDLE_LOOKS) {
            gr__hook_rest_begin();
            gr__os_wait(&calls, 0, now + delay);
            gr__hook_rest_end();
            continue;
        }
        sleep_until_somebody_runs();
        idle = calm = 0;
        delay = SHORTEST_NS;
    }
    gr__dump_all_and_exit();
    return NULL;
}

void gr__monitor_wake(void) {
    if (GR__LIKELY(!(GR__LOAD(&calls) & ASLEEP))) return;
    __atomic_and_fetch(&calls, ~(uint32_t)ASLEEP, __ATOMIC_SEQ_CST);
    GR__STORE_RELAXED(&gr__s.clock, gr__os_now());
    gr__os_wake(&calls, 1);
}

void gr__dump_request(void) {
    __atomic_or_fetch(&calls, DUMP, __ATOMIC_SEQ_CST);
    gr__os_wake(&calls, 1);
}

bool gr__sched_helper_start(void *(*run)(void *), void *argument) {
    GR__ADD(&gr__s.helpers, 1);
    uint64_t before = gr__os_signals_block();   /* the program's are not for it */
    bool started = gr__os_thread(run, argument, M_STACK);
    gr__os_signals_set(before);
    if (!started) GR__ADD(&gr__s.helpers, -1);
    return started;
}

/* Where the kernel can't make other processors look, no P is taken away: wake-ups are eager, and a
 * goroutine that calls nothing holds its P. */
bool gr__monitor_start(void) {
    GR__ADD(&gr__s.helpers, 1);
    /* While there is one thread this takes no time; else the kernel waits for all processors, some
     * milliseconds, which the monitor can do as well. */
    if (__libc_single_threaded && gr__os_barrier_register()) GR__STORE(&gr__s.watched, 1);
    uint64_t before = gr__s.signals = gr__os_signals_block();   /* the program's are not for it */
    bool started = gr__os_thread(monitor, NULL, M_STACK);
    gr__os_signals_set(before);
    if (started) return true;
    GR__ADD(&gr__s.helpers, -1);
    GR__STORE(&gr__s.watched, 0);
    return false;
}
