/* libc_timer.c - timers that send signals or call back. Any thread.
 *
 * What a timer does comes after who set it. libc calls back on threads that it makes unseen: each gets an
 * actor of its own. A timer's callback may still be on its way when the timer is deleted, so what it
 * needs is kept for the next LINGERING deletions. */
#include "detector/doors/interpose.h"

enum { LINGERING = 1024 };

typedef struct callback {
    void (*function)(union sigval);
    union sigval value;
} callback;

static gr__address_map timers; /* by timer_t: its signal, or its callback */
static uint32_t lock;          /* guards the rest */
static callback *lingering[LINGERING];
static unsigned deleted;

static bool is_signal(uint64_t timer) { return timer < 128; }

static void let_linger(callback *c) {
    gr__door_lock(&lock);
    callback *gone = lingering[deleted % LINGERING];
    lingering[deleted++ % LINGERING] = c;
    if (gone) gr__free(gone, sizeof *gone);
    gr__door_unlock(&lock);
}

static void run(union sigval value) {
    callback c = *(const callback *)value.sival_ptr;
    gr__thread_adopt();
    GR__SYNC_TO(TIMER_CALLBACK, value.sival_ptr, (uintptr_t)c.function);
    c.function(c.value);
}

GR__EXPORT int timer_create(clockid_t clock, struct sigevent *restrict event, timer_t *restrict timer) {
    struct sigevent mine;
    bool calls = event && event->sigev_notify == SIGEV_THREAD;
    callback *c = calls && gr__seen() ? gr__alloc(sizeof *c) : NULL;
    if (c) {
        gr__object_fresh(c, sizeof *c);
        *c = (callback){event->sigev_notify_function, event->sigev_value};
        gr__copy(&mine, event, sizeof mine);
        mine.sigev_notify_function = run;
        mine.sigev_value.sival_ptr = c;
    }
    int status = REAL(timer_create)(clock, c ? &mine : event, timer);
    if (status && c) gr__free(c, sizeof *c);
    if (status || !gr__seen() || (calls && !c)) return status;
    uint64_t sends = event ? (uint64_t)event->sigev_signo : (uint64_t)SIGALRM;
    gr__address_put(&timers, *timer, c ? (uint64_t)(uintptr_t)c : sends);
    return status;
}

GR__EXPORT int timer_settime(timer_t timer, int flags, const struct itimerspec *restrict when,
                             struct itimerspec *restrict old) {
    uint64_t does = gr__seen() ? gr__address_get(&timers, timer) : 0;
    if (is_signal(does)) gr__signal_from((int)does, PLACE);
    else GR__SYNC_FROM(TIMER_CALLBACK, (void *)(uintptr_t)does, PLACE);
    return REAL(timer_settime)(timer, flags, when, old);
}

GR__EXPORT int timer_delete(timer_t timer) {
    uint64_t did = gr__seen() ? gr__address_put(&timers, timer, 0) : 0;
    int status = REAL(timer_delete)(timer);
    if (!is_signal(did)) let_linger((callback *)(uintptr_t)did);
    return status;
}

static int signal_of(__itimer_which_t which) {
    return which == ITIMER_REAL ? SIGALRM : which == ITIMER_VIRTUAL ? SIGVTALRM : SIGPROF;
}
GR__EXPORT int setitimer(__itimer_which_t which, const struct itimerval *restrict when,
                         struct itimerval *restrict old) {
    HERE;
    if (when) READS(when, sizeof *when);
    gr__signal_from(signal_of(which), pc);
    int failed = REAL(setitimer)(which, when, old);
    if (!failed && old) WRITES(old, sizeof *old);
    return failed;
}
GR__EXPORT unsigned alarm(unsigned seconds) {
    gr__signal_from(SIGALRM, PLACE);
    return REAL(alarm)(seconds);
}
GR__EXPORT useconds_t ualarm(useconds_t first, useconds_t then) {
    gr__signal_from(SIGALRM, PLACE);
    return REAL(ualarm)(first, then);
}
