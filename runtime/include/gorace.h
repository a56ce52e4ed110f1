/* gorace.h - goroutines, channels and what belongs to them, for C.
 *
 * Semantics are Go's (memory model of 2022). Link libgorace, or libgorace_race through `gorace cc`
 * to have the program checked. No call is needed to begin with: the thread that runs main becomes
 * goroutine 1 when the runtime is first used. All functions may be called from any goroutine and
 * from any thread, unless their line says otherwise. Misuse ends the program as in Go: words on
 * stderr, the goroutines, exit status 2.
 *
 * A goroutine that waits may go on in another thread, and others run in its thread meanwhile. So hold
 * nothing that belongs to a thread over a call that waits: no POSIX mutex, no rounding mode, no
 * thread-local variable but errno. (What C++ handlers have caught goes along.) Nothing here may be called
 * from a signal handler, nor in the child of a fork: that has none of the other threads.
 */
#ifndef GORACE_H
#define GORACE_H

#include <errno.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <sys/types.h>

struct sockaddr;

#ifdef __cplusplus
#define GR_NORETURN [[noreturn]]
extern "C" {
#else
#define GR_NORETURN _Noreturn
#endif
#pragma GCC visibility push(default)

/* A goroutine may go on in another thread whenever it waits, and takes errno along. Compilers take errno's
 * address for the same all through a function, though; so here it is asked for each time. (Other
 * thread-local variables stay with their thread: don't keep them over a call that waits.) */
int *gr__errno(void);
#undef errno
#define errno (*gr__errno())

/* --- time: nanoseconds ---------------------------------------------------------------------- */

typedef int64_t gr_duration;
#define GR_NANOSECOND INT64_C(1)
#define GR_MICROSECOND (1000 * GR_NANOSECOND)
#define GR_MILLISECOND (1000 * GR_MICROSECOND)
#define GR_SECOND (1000 * GR_MILLISECOND)
#define GR_MINUTE (60 * GR_SECOND)
#define GR_HOUR (60 * GR_MINUTE)

gr_duration gr_now(void);      /* monotonic clock, never 0 */
void gr_sleep(gr_duration d);  /* at least d; d <= 0 returns at once */

/* --- goroutines ----------------------------------------------------------------------------- */

void gr_go(void (*fn)(void *), void *arg);  /* fn may have run, as far as it can, when this returns */
void gr_gosched(void);                      /* let others run */
GR_NORETURN void gr_goexit(void);           /* end this goroutine; in main: the others go on */
int gr_gomaxprocs(int n);                   /* how many run at once; returns the old value. n < 1: just that */
int gr_num_goroutine(void);                 /* that live now */
int gr_num_cpu(void);                       /* that this process may use */
uint64_t gr_goid(void);                     /* main is 1 */
void gr_set_name(const char *name);         /* for reports; the first 31 bytes count */
GR_NORETURN void gr_panic(const char *format, ...) __attribute__((format(printf, 1, 2)));

/* --- channels: NULL is the nil channel: sends and receives wait for ever ---------------------- */

typedef struct gr_chan gr_chan;
typedef enum gr_recv_status { GR_EMPTY = 0, GR_RECEIVED = 1, GR_CLOSED = 2 } gr_recv_status;

gr_chan *gr_chan_make(size_t element_size, int64_t capacity);
#define gr_make(T, capacity) gr_chan_make(sizeof(T), (capacity))
void gr_send(gr_chan *channel, const void *elem);       /* closed: panics */
bool gr_recv(gr_chan *channel, void *elem);             /* false: closed and drained, *elem zeroed. elem may be NULL */
bool gr_try_send(gr_chan *channel, const void *elem);   /* sent now, or false */
gr_recv_status gr_try_recv(gr_chan *channel, void *elem);
void gr_close(gr_chan *channel);
int gr_len(const gr_chan *channel);
int gr_cap(const gr_chan *channel);
void gr_chan_free(gr_chan *channel);                    /* nobody may use it any more */
#ifdef __cplusplus
#define gr_send_value(channel, T, value) gr_send((channel), gr__address_of_value<T>(value))
#else
#define gr_send_value(channel, T, value) gr_send((channel), &(T){value})
#endif

enum gr_direction { GR_RECV, GR_SEND };
typedef struct gr_case {
    enum gr_direction dir;
    gr_chan *chan;      /* NULL: this case is never ready */
    void *elem;         /* read for GR_SEND; for GR_RECV may be NULL */
    bool ok;            /* set for a chosen GR_RECV: what gr_recv would have returned */
} gr_case;
static inline gr_case gr_case_recv(gr_chan *channel, void *elem) {
    gr_case c = {GR_RECV, channel, elem, false};
    return c;
}
static inline gr_case gr_case_send(gr_chan *channel, const void *elem) {
#ifdef __cplusplus
    void *readable = const_cast<void *>(elem);
#else
    void *readable = (void *)(uintptr_t)elem;
#endif
    gr_case c = {GR_SEND, channel, readable, false};
    return c;
}
int gr_select(gr_case *cases, int n);           /* index of the case that went on; waits for ever without any */
int gr_select_default(gr_case *cases, int n);   /* -1: none is ready */

/* --- sync: all zero is ready for use. Their memory may go once no call on it is under way, an unlock
 * that has let you in included. ------------------------------------------------------------------ */

typedef struct gr__sema { uint32_t gr__lock, gr__permits; void *gr__head, *gr__tail; } gr__sema;

typedef struct gr_mutex { uint32_t gr__state, gr__unused; gr__sema gr__waiters; } gr_mutex;
#define GR_MUTEX_INIT {0, 0, {0, 0, NULL, NULL}}
void gr_mutex_lock(gr_mutex *mutex);
bool gr_mutex_try_lock(gr_mutex *mutex);
void gr_mutex_unlock(gr_mutex *mutex);

typedef struct gr_rwmutex {
    gr_mutex gr__writer;
    gr__sema gr__writer_sem, gr__reader_sem;
    int32_t gr__readers, gr__departing;
} gr_rwmutex;
void gr_rwmutex_lock(gr_rwmutex *mutex);
bool gr_rwmutex_try_lock(gr_rwmutex *mutex);
void gr_rwmutex_unlock(gr_rwmutex *mutex);
void gr_rwmutex_rlock(gr_rwmutex *mutex);       /* waits behind a waiting writer */
bool gr_rwmutex_try_rlock(gr_rwmutex *mutex);
void gr_rwmutex_runlock(gr_rwmutex *mutex);

typedef struct gr_waitgroup { uint64_t gr__state; gr__sema gr__waiters; } gr_waitgroup;
void gr_waitgroup_add(gr_waitgroup *group, int delta);
void gr_waitgroup_done(gr_waitgroup *group);
void gr_waitgroup_wait(gr_waitgroup *group);

typedef struct gr_once { uint32_t gr__done, gr__runner; gr_mutex gr__mutex; } gr_once;
void gr_once_do(gr_once *once, void (*fn)(void));  /* fn must return */

typedef struct gr_cond {
    gr_mutex *mutex;
    uint32_t gr__lock, gr__lost;
    void *gr__head, *gr__tail;
} gr_cond;
void gr_cond_init(gr_cond *cond, gr_mutex *mutex);
void gr_cond_wait(gr_cond *cond);               /* the caller holds cond->mutex */
void gr_cond_signal(gr_cond *cond);
void gr_cond_broadcast(gr_cond *cond);

typedef struct gr_sem {
    int64_t gr__size, gr__taken;
    uint32_t gr__lock, gr__unused;
    void *gr__head, *gr__tail;
} gr_sem;
void gr_sem_init(gr_sem *sem, int64_t n);
void gr_sem_acquire(gr_sem *sem, int64_t k);    /* first come, first served; k > n: for ever */
bool gr_sem_try_acquire(gr_sem *sem, int64_t k);
void gr_sem_release(gr_sem *sem, int64_t k);    /* more than taken: panics */

/* --- timers: their channels carry a gr_duration, the time of firing --------------------------- */

typedef struct gr_timer gr_timer;
typedef struct gr_ticker gr_ticker;
gr_chan *gr_after(gr_duration d);               /* the channel is the caller's to free */
gr_timer *gr_timer_new(gr_duration d);
gr_timer *gr_after_func(gr_duration d, void (*fn)(void *), void *arg); /* in a new goroutine */
gr_chan *gr_timer_chan(gr_timer *timer);        /* goes with the timer; NULL for gr_after_func */
bool gr_timer_stop(gr_timer *timer);            /* true: it will not fire because of this call */
bool gr_timer_reset(gr_timer *timer, gr_duration d); /* true: it was pending */
void gr_timer_free(gr_timer *timer);
gr_ticker *gr_ticker_new(gr_duration period);   /* drops ticks for slow receivers */
gr_chan *gr_ticker_chan(gr_ticker *ticker);
void gr_ticker_stop(gr_ticker *ticker);
void gr_ticker_free(gr_ticker *ticker);

/* --- context ----------------------------------------------------------------------------------- */

typedef struct gr_context gr_context;
typedef enum gr_context_status {
    GR_CONTEXT_OK, GR_CONTEXT_CANCELED, GR_CONTEXT_DEADLINE_EXCEEDED
} gr_context_status;
gr_context *gr_background(void);
gr_context *gr_with_cancel(gr_context *parent);
gr_context *gr_with_timeout(gr_context *parent, gr_duration d);
gr_context *gr_with_deadline(gr_context *parent, gr_duration when);     /* on gr_now's clock */
bool gr_context_deadline(gr_context *context, gr_duration *when);       /* false: it has none */
void gr_context_cancel(gr_context *context);            /* and its children; any number of times */
gr_chan *gr_context_done(gr_context *context);          /* closed when it ends; NULL: background */
gr_context_status gr_context_err(gr_context *context);
void gr_context_free(gr_context *context);              /* cancels it; children must be freed first */

/* --- files: park the goroutine, not the thread -------------------------------------------------- */

ssize_t gr_read(int fd, void *buffer, size_t size);
ssize_t gr_write(int fd, const void *buffer, size_t size);
int gr_accept(int fd, struct sockaddr *address, unsigned *length);
int gr_connect(int fd, const struct sockaddr *address, unsigned length);
/* Wait until fd has one of `events` (poll(2): POLLIN, POLLOUT). Returns those it has; 0: the time
 * was up; -1 and errno. timeout < 0: no limit. */
int gr_wait_fd(int fd, int events, gr_duration timeout);
void gr_blocking_begin(void);   /* around a call that blocks the thread: the others go on */
void gr_blocking_end(void);

/* --- for the detector: nothing unless the program is built by `gorace cc` ------------------------ */

#ifdef __GORACE_RACE__
void gr_happens_before(const void *object);
void gr_happens_after(const void *object);
void gr_race_disable(void);
void gr_race_enable(void);
int gr_race_errors(void);
/* Look for goroutines that nothing can ever wake, and report those that are new: how many there are now; -1: it
 * can't be told at this moment. Stops all threads for some milliseconds. */
int gr_check_leaks(void);
#else
static inline void gr_happens_before(const void *object) { (void)object; }
static inline void gr_happens_after(const void *object) { (void)object; }
static inline void gr_race_disable(void) {}
static inline void gr_race_enable(void) {}
static inline int gr_race_errors(void) { return 0; }
static inline int gr_check_leaks(void) { return 0; }
#endif

#ifdef __cplusplus
}
#endif
#include "gorace/go.h"
#pragma GCC visibility pop

#ifndef GORACE_NO_SHORT_NAMES
#define go(...) GR__GO(__VA_ARGS__)
#endif

#endif
