/* pthread_thread.c - threads of pthreads and C11: their actors, from creation to join.
 *
 * The actor is made by the creator. The thread enters itself into the list of threads before it runs
 * the program's code, so whoever knows its id finds it there. Its actor ends in a destructor of
 * thread-specific data, in the last round of these, when nothing of the program runs on it any more. The
 * main thread has an actor already; it is in the list because pthread_exit may end it before others. */
#include "detector/doors/asleep.h"
#include "detector/doors/calls.h"
#include "detector/doors/interpose.h"
#include "detector/doors/locks.h"
#include "detector/doors/log.h"
#include "detector/doors/stop.h"
#include "detector/doors/waits.h"
#include "runtime/os/os.h"

#include <errno.h>
#include <limits.h>

typedef struct thread {
    struct thread *next;
    pthread_t id;
    gr__actor *actor;
    bool detached, ended;
} thread;

typedef struct start {
    gr__actor *actor;
    void *(*run)(void *);
    thrd_start_t run_c11;
    void *argument;
    bool detached;
} start;

static uint32_t lock;
static thread *threads[256]; /* lock: by id; not detached ones until they are joined */
static pthread_key_t key;    /* constant: holds how many rounds of destructors are left */

static thread **place_of(pthread_t id) {
    thread **at = &threads[(id >> 8) * 0x9e3779b97f4a7c15ull >> 56];
    while (*at && !pthread_equal((*at)->id, id)) at = &(*at)->next;
    return at;
}

static thread *add(pthread_t id) {
    thread *t = gr__alloc(sizeof *t), **at = place_of(id);
    if (!t) return NULL;
    t->id = id;
    t->next = *at; /* before one of this id that has ended and whose join is on its way */
    return *at = t;
}

/* Whoever detached the thread before it came here has left an entry without an actor. */
static void enter(gr__actor *actor, bool detached) {
    pthread_t id = pthread_self();
    gr__door_lock(&lock);
    thread *t = *place_of(id);
    if (!t || t->actor) t = add(id);
    if (t) {
        t->actor = actor;
        t->detached |= detached;
    }
    gr__door_unlock(&lock);
}

/* Out of the list: the thread of this id that has ended first. NULL: it is not ours. */
static gr__actor *take_ended(pthread_t id) {
    thread **found = NULL;
    gr__door_lock(&lock);
    for (thread **at = place_of(id); *at; at = &(*at)->next)
        if (pthread_equal((*at)->id, id) && (*at)->ended) found = at;
    thread *t = found ? *found : NULL;
    if (t) *found = t->next;
    gr__door_unlock(&lock);
    gr__actor *actor = t ? t->actor : NULL;
    if (t) gr__free(t, sizeof *t);
    return actor;
}

/* Out of the list once it has ended and nobody will join it. */
static void mark_ended(pthread_t id) {
    gr__door_lock(&lock);
    thread *t = *place_of(id);
    if (t) t->ended = true;
    bool gone = t && t->detached;
    gr__door_unlock(&lock);
    if (gone) take_ended(id);
}

gr__actor *gr__thread_actor(pthread_t id) {
    gr__door_lock(&lock);
    thread *t = *place_of(id);
    gr__actor *actor = t ? t->actor : NULL;
    gr__door_unlock(&lock);
    return actor;
}

static void mark_detached(pthread_t id) {
    gr__door_lock(&lock);
    thread *t = *place_of(id);
    if (!t) t = add(id);
    if (t) t->detached = true;
    bool gone = t && t->ended;
    gr__door_unlock(&lock);
    if (gone) take_ended(id);
}

/* --- on the thread --- */

static void own_stack(uintptr_t *low, uintptr_t *high) {
    pthread_attr_t attributes;
    void *at = NULL;
    size_t size = 0;
    gr__own++;
    if (pthread_getattr_np(pthread_self(), &attributes) == 0) {
        pthread_attr_getstack(&attributes, &at, &size);
        pthread_attr_destroy(&attributes);
    }
    gr__own--;
    *low = (uintptr_t)at;
    *high = *low + size;
}

static void end_thread(void *rounds) {
    uintptr_t left = (uintptr_t)rounds;
    if (left > 1) {
        pthread_setspecific(key, (void *)(left - 1));
        return;
    }
    gr__actor *me = gr__me;
    uintptr_t low, high;
    own_stack(&low, &high);
    gr__own++;
    gr__robust_owner_ends();
    gr__waits_forget();
    gr__calls_forget();
    if (gr__os_is_main_thread()) gr__asleep_main_gone();
    gr__me = &gr__nobody;
    gr__locks_end(me);
    gr__actor_end(me);
    if (high > low) gr__stack_drop(low, high);
    mark_ended(pthread_self());
    gr__log_thread_end();
    gr__stander_end();
    gr__asleep_count(-1);
    gr__own--;
}

static void begin_thread(const start *s) {
    uintptr_t low, high;
    own_stack(&low, &high);
    gr__stop_gate();
    gr__own++;
    if (high > low) gr__memory_reset(low, high - low); /* its memory may have been something else */
    gr__me = s->actor;
    enter(s->actor, s->detached);
    gr__name_begin(s->actor);
    if (high > low) gr__stack_claim(low, high, s->actor->id);
    pthread_setspecific(key, (void *)(uintptr_t)PTHREAD_DESTRUCTOR_ITERATIONS);
    gr__own--;
}

void gr__thread_adopt(void) {
    if (gr__me != &gr__nobody || !gr__doors_ready || gr__forked) return;
    start s = {.actor = gr__actor_root(GR__ACTOR_THREAD, gr__thread_number_next()), .detached = true};
    gr__asleep_count(1);
    begin_thread(&s);
}

void gr__thread_main(void) {
    gr__asleep_count(1);
    enter(gr__me, false);
    pthread_setspecific(key, (void *)(uintptr_t)PTHREAD_DESTRUCTOR_ITERATIONS);
}

static void *run(void *argument) {
    start s = *(start *)argument;
    gr__free(argument, sizeof s);
    begin_thread(&s);
    return s.run(s.argument);
}
static int run_c11(void *argument) {
    start s = *(start *)argument;
    gr__free(argument, sizeof s);
    begin_thread(&s);
    return s.run_c11(s.argument);
}

/* --- on others --- */

static start *prepare(void *argument, uintptr_t pc) {
    start *s = gr__seen() ? gr__alloc(sizeof *s) : NULL;
    if (!s) return NULL;
    s->argument = argument;
    s->actor = gr__actor_fork(gr__me, GR__ACTOR_THREAD, gr__thread_number_next(), gr__here_whole(pc));
    gr__before_fork(gr__me, s->actor);
    gr__asleep_count(1);
    return s;
}

static void give_up(start *s) {
    gr__actor_end(s->actor);
    gr__asleep_count(-1);
    gr__free(s, sizeof *s);
}

GR__EXPORT int pthread_create(pthread_t *restrict id, const pthread_attr_t *restrict attributes,
                              void *(*function)(void *), void *restrict argument) {
    start *s = prepare(argument, PLACE);
    if (!s) return REAL(pthread_create)(id, attributes, function, argument);
    int state = PTHREAD_CREATE_JOINABLE;
    if (attributes) pthread_attr_getdetachstate(attributes, &state);
    s->detached = state == PTHREAD_CREATE_DETACHED;
    s->run = function;
    gr__own++; /* what it allocates is libc's */
    int failed = REAL(pthread_create)(id, attributes, run, s);
    gr__own--;
    if (failed) give_up(s);
    return failed;
}

GR__EXPORT int thrd_create(thrd_t *id, thrd_start_t function, void *argument) {
    start *s = prepare(argument, PLACE);
    if (!s) return REAL(thrd_create)(id, function, argument);
    s->run_c11 = function;
    gr__own++;
    int failed = REAL(thrd_create)(id, run_c11, s);
    gr__own--;
    if (failed != thrd_success) give_up(s);
    return failed;
}

/* Afterwards, since the thread may not have begun before; a new one of its id has not ended. */
#define JOIN(id, call)                                                                            \
    uintptr_t pc = PLACE;                                                                         \
    int failed = call;                                                                            \
    gr__actor *ended = failed || gr__unwatched_child() ? NULL : take_ended(id);                   \
    if (ended && gr__seen()) {                                                                    \
        gr__actor_join(gr__me, ended, gr__here(pc));                                              \
        gr__before_joined(gr__me, ended);                                                         \
    }                                                                                             \
    return failed;

static void stood(const uint64_t *wait) { gr__wait_end(*wait); }

/* A join that the real call refuses, of oneself or of who joins us, is refused by one that gives up at once, too; but
 * that asks the kernel. EBUSY: it is time to wait. */
static int try_join(pthread_t id, void **value) {
    const struct timespec past = {0, 0};
    if (!pthread_equal(id, pthread_self()) && !gr__wait_joins(gr__thread_actor(id)))
        return REAL(pthread_tryjoin_np)(id, value);
    int status = REAL(pthread_timedjoin_np)(id, value, &past);
    return status == ETIMEDOUT ? EBUSY : status;
}
static int join(pthread_t id, void **value, uintptr_t pc) {
    int status = gr__seen() ? try_join(id, value) : EBUSY;
    if (status != EBUSY) return status;
    __attribute__((cleanup(stood), unused)) uint64_t wait =
        gr__wait_begin_join((uintptr_t)id, gr__thread_actor(id), pc);
    return REAL(pthread_join)(id, value);
}
static int join_c11(thrd_t id, int *value, uintptr_t pc) {
    void *result;
    int status = gr__seen() ? try_join(id, &result) : EBUSY;
    if (!status && value) *value = (int)(intptr_t)result;
    if (status != EBUSY) return status ? thrd_error : thrd_success;
    __attribute__((cleanup(stood), unused)) uint64_t wait =
        gr__wait_begin_join((uintptr_t)id, gr__thread_actor(id), pc);
    return REAL(thrd_join)(id, value);
}

GR__EXPORT int pthread_join(pthread_t id, void **value) {
    JOIN(id, join(id, value, pc))
}
GR__EXPORT int pthread_tryjoin_np(pthread_t id, void **value) {
    JOIN(id, REAL(pthread_tryjoin_np)(id, value))
}
GR__EXPORT int pthread_timedjoin_np(pthread_t id, void **value, const struct timespec *until) {
    JOIN(id, REAL(pthread_timedjoin_np)(id, value, until))
}
GR__EXPORT int pthread_clockjoin_np(pthread_t id, void **value, clockid_t clock,
                                    const struct timespec *until) {
    JOIN(id, REAL(pthread_clockjoin_np)(id, value, clock, until))
}
_Static_assert(thrd_success == 0, "a join's status");
GR__EXPORT int thrd_join(thrd_t id, int *value) {
    JOIN(id, join_c11(id, value, pc))
}

GR__EXPORT int pthread_detach(pthread_t id) {
    if (gr__seen()) mark_detached(id);
    return REAL(pthread_detach)(id);
}
GR__EXPORT int thrd_detach(thrd_t id) {
    if (gr__seen()) mark_detached(id);
    return REAL(thrd_detach)(id);
}

void gr__threads_init(void) { pthread_key_create(&key, end_thread); }
