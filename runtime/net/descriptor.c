/* descriptor.c - who waits for which descriptor. Any goroutine, any thread.
 *
 * A table by number, in chunks that never move. A descriptor's lock orders its queue and what the
 * kernel is told of it. Its registration is for the union of what its waiters want. An event wakes one
 * waiter for each direction (all, when it is an error or the end); who was woken and is done arms for
 * the rest: ten goroutines that accept from one socket are not all woken by one connection.
 *
 * A file that is closed while goroutines wait for it vanishes from epoll without a word. They get EBADF
 * when somebody else waits for the same number, or when they are looked after, after a second or so.
 *
 * Threads that are not ours wait by themselves, and so do goroutines when there is no epoll to be had:
 * these between gr_blocking_begin and _end. */
#include "runtime/net/internal.h"

#include "runtime/os/os.h"

enum { CHUNK = 256, CHUNKS = 1 << 16, LOOK_AT_MOST = 1024 };
#define LONG_NS ((uint64_t)500000000)

/* The file that was waited for is gone; its number may be another's by now. */
#define CLOSED (-ESTALE)

typedef struct gr__waiter {
    gr__g *g;
    struct gr__waiter *next;        /* lock */
    gr__descriptor *descriptor;
    uint32_t events;
    int outcome;                    /* lock: as of gr__io_wait, or CLOSED */
    bool queued;                    /* lock */
} gr__waiter;

static gr__descriptor *chunks[CHUNKS];  /* a; constant once set */
static uint32_t chunks_used;            /* a: past the last */
static uint32_t looked;                 /* a: where the last look ended */

gr__descriptor *gr__descriptor_of(int fd) {
    if (fd < 0 || fd / CHUNK >= CHUNKS) return NULL;
    uint32_t at = (uint32_t)fd / CHUNK;
    gr__descriptor *chunk = GR__LOAD_ACQUIRE(&chunks[at]);
    if (GR__UNLIKELY(!chunk)) {
        gr__descriptor *none = NULL, *fresh = gr__pages(CHUNK * sizeof *fresh);
        if (!fresh) return NULL;
        chunk = fresh;
        if (!GR__CAS(&chunks[at], &none, fresh)) {
            gr__pages_free(fresh, CHUNK * sizeof *fresh);
            chunk = none;
        }
        uint32_t used = GR__LOAD(&chunks_used);
        while (used <= at && !GR__CAS(&chunks_used, &used, at + 1)) {}
    }
    return &chunk[fd % CHUNK];
}

/* --- the queue: all with the descriptor's lock --- */

static void add(gr__descriptor *d, gr__waiter *w) {
    w->next = NULL;
    w->queued = true;
    if (d->first) d->last->next = w;
    else GR__STORE_RELAXED(&d->first, w);
    d->last = w;
}

/* before: the one before w; NULL: w is the first. */
static void take_out(gr__descriptor *d, gr__waiter *before, gr__waiter *w) {
    if (before) before->next = w->next;
    else GR__STORE_RELAXED(&d->first, w->next);
    if (d->last == w) d->last = before;
    w->queued = false;
}

static uint32_t wanted(const gr__descriptor *d) {
    uint32_t events = 0;
    for (const gr__waiter *w = d->first; w; w = w->next) events |= w->events;
    return events;
}

static void release(gr__waiter *w, int outcome) {
    w->outcome = outcome;
    gr__released(w->g);
}

static uint32_t ready_list(gr__waiter *w) {
    uint32_t n = 0;
    for (gr__waiter *next; w; w = next, n++) {
        next = w->next; /* it is gone once its goroutine runs */
        gr__ready(w->g);
    }
    return n;
}

/* All of them: `outcome`. A list for ready_list. */
static gr__waiter *take_all(gr__descriptor *d, int outcome) {
    gr__waiter *all = d->first;
    for (gr__waiter *w = all; w; w = w->next) {
        w->queued = false;
        release(w, outcome);
    }
    GR__STORE_RELAXED(&d->first, NULL);
    d->last = NULL;
    return all;
}

static int tell_epoll(gr__descriptor *d, int operation, int fd, uint32_t events) {
    int error = gr__epoll_arm(operation, fd, events);
    d->known = !error;
    d->armed = error ? 0 : (uint16_t)events;
    return error;
}

/* Arm for `events` and what is waited for already. That was armed once, so a file that epoll does not
 * know is a new one, and theirs is closed. */
static int arm(gr__descriptor *d, int fd, uint32_t events, gr__waiter **closed) {
    int error = -ENOENT;
    *closed = NULL;
    if (d->known) error = tell_epoll(d, EPOLL_CTL_MOD, fd, events | wanted(d));
    if (error != -ENOENT) return error;
    *closed = take_all(d, CLOSED);
    if (!events) return 0;
    GR__STORE_RELAXED(&d->plain, false);
    GR__STORE_RELAXED(&d->thirst, 0);
    error = tell_epoll(d, EPOLL_CTL_ADD, fd, events);
    return error == -EEXIST ? tell_epoll(d, EPOLL_CTL_MOD, fd, events) : error;
}

/* What those hear who waited when arming failed: 0: to try again, and find out for themselves. */
static int hearsay(int error, int fd) {
    return error == -EBADF && !gr__call_is_open(fd) ? CLOSED : 0;
}

/* Arm for who waits; if that can't be, tell them. d's lock held: dropped. */
static uint32_t arm_rest(gr__descriptor *d, int fd) {
    gr__waiter *woken;
    int error = arm(d, fd, 0, &woken);
    if (error) woken = take_all(d, hearsay(error, fd));
    gr__unlock(&d->lock);
    return ready_list(woken);
}

uint32_t gr__descriptor_ready(int fd, uint32_t events) {
    gr__descriptor *d = gr__descriptor_of(fd);
    gr__waiter *woken = NULL, **end = &woken, *before = NULL, *next;
    if (!d) return 0;
    gr__lock(&d->lock);
    bool all = events & (EPOLLERR | EPOLLHUP);
    uint32_t taken = 0;
    for (gr__waiter *w = d->first; w; w = next) {
        next = w->next;
        if (!all && !(w->events & events & ~taken)) {
            before = w;
            continue;
        }
        taken |= w->events & events;
        take_out(d, before, w);
        release(w, 0);
        w->next = NULL;
        *end = w;
        end = &w->next;
    }
    uint32_t rest = wanted(d) & ~taken;
    d->armed = 0;
    if (rest) tell_epoll(d, EPOLL_CTL_MOD, fd, rest); /* a failure is found by who looks */
    gr__unlock(&d->lock);
    return ready_list(woken);
}

/* --- everybody's queues --- */

void gr__descriptors_wake_all(void) {
    for (uint32_t i = 0; i < GR__LOAD(&chunks_used); i++) {
        gr__descriptor *chunk = GR__LOAD_ACQUIRE(&chunks[i]);
        for (int at = 0; chunk && at < CHUNK; at++) {
            gr__descriptor *d = &chunk[at];
            gr__lock(&d->lock);
            d->known = false;
            gr__waiter *woken = take_all(d, 0);
            gr__unlock(&d->lock);
            ready_list(woken);
        }
    }
}

static uint32_t look(gr__descriptor *d, int fd, uint64_t now, uint32_t *budget) {
    if (!GR__LOAD_RELAXED(&d->first)) return 0;
    gr__lock(&d->lock);
    if (!d->first || d->first->g->head.wait_since_ns + LONG_NS > now) {
        gr__unlock(&d->lock);
        return 0;
    }
    --*budget;
    return arm_rest(d, fd);
}

uint32_t gr__descriptors_look(uint64_t now) {
    uint32_t woken = 0, budget = LOOK_AT_MOST, used = GR__LOAD(&chunks_used);
    uint32_t at = GR__LOAD_RELAXED(&looked);
    for (uint32_t n = 0; n < used && budget; n++) {
        if (at >= used) at = 0;
        gr__descriptor *chunk = GR__LOAD_ACQUIRE(&chunks[at]);
        for (int i = 0; chunk && i < CHUNK; i++)
            woken += look(&chunk[i], (int)at * CHUNK + i, now, &budget);
        at++;
    }
    GR__STORE_RELAXED(&looked, at);
    return woken;
}

/* The parent's goroutines wait in the parent. */
void gr__descriptors_forked(void) {
    for (uint32_t i = 0; i < chunks_used; i++) chunks[i] = NULL;
    chunks_used = 0;
}

/* --- waiting --- */

gr__io gr__io_begin(int fd, uintptr_t pc) {
    return (gr__io){.g = gr__self(), .descriptor = gr__descriptor_of(fd), .until = UINT64_MAX,
                      .pc = pc, .fd = fd};
}

static int wait_on_thread(const gr__io *io, uint32_t events) {
    int has;
    if (gr__call_is_file(io->fd)) return -EPERM;
    if (io->g->head.foreign) {
        gr__g *g = io->g;
        gr__g_head *h = &g->head;
        h->wait = GR__WAIT_IO;
        h->wait_object = NULL;
        h->wait_pc = io->pc;
        h->wait_since_ns = gr__os_now_coarse();
        gr__hook_block(g, GR__WAIT_IO, NULL, io->pc);
        GR__STORE_RELEASE(&h->state, GR__STATE_WAITING);
        has = gr__call_poll(io->fd, events, io->until);
        GR__STORE(&h->state, GR__STATE_RUNNING);
        h->wait = GR__WAIT_NONE;
        gr__hook_unblock(g);
    } else {
        gr_blocking_begin();
        has = gr__call_poll(io->fd, events, io->until);
        gr_blocking_end();
    }
    return has > 0 ? has & POLLNVAL ? -EBADF : 0 : has < 0 ? has : -ETIMEDOUT;
}

/* Under the alarms' lock: the alarm is either still to be stopped, or this is over. */
static void time_is_up(void *argument, uint64_t now) {
    (void)now;
    gr__waiter *w = argument;
    gr__descriptor *d = w->descriptor;
    gr__lock(&d->lock);
    bool queued = w->queued;
    if (queued) {
        gr__waiter *before = NULL;
        for (gr__waiter *at = d->first; at != w; at = at->next) before = at;
        take_out(d, before, w);
        release(w, -ETIMEDOUT);
    } else if (w->outcome == -EINPROGRESS) {
        w->outcome = -ETIMEDOUT; /* it has yet to queue */
    }
    gr__unlock(&d->lock);
    if (queued) gr__ready(w->g);
}

static void counted(void) {
    if (GR__ADD(&gr__net_waiting, 1) == 1) gr__sched_io();
}

/* Queue and park. Errors are those of arming. */
static int park(const gr__io *io, gr__waiter *w) {
    gr__descriptor *d = io->descriptor;
    gr__waiter *closed = NULL;
    int error = 0;
    gr__lock(&d->lock);
    if (w->outcome == -EINPROGRESS) error = arm(d, io->fd, w->events, &closed);
    if (error || w->outcome != -EINPROGRESS) {
        if (error) closed = take_all(d, hearsay(error, io->fd));
        else error = w->outcome;
        w->outcome = error;
        gr__unlock(&d->lock);
        ready_list(closed);
        return error;
    }
    ready_list(closed);
    add(d, w);
    gr__park(w->g, &d->lock, GR__WAIT_IO, NULL, io->pc);
    return w->outcome;
}

/* The instance is closed, or another file has its number. */
static bool epoll_is_lost(int error, int fd) {
    if (error == -EINVAL) return true;
    return error == -EBADF && gr__call_is_open(fd);
}

int gr__io_wait(gr__io *io, uint32_t events) {
    io->waited = true;
    if (io->g->head.foreign || !io->descriptor || !gr__epoll_open())
        return wait_on_thread(io, events);
    int instance = gr__epoll_instance();
    gr__waiter w = {.g = io->g, .descriptor = io->descriptor, .events = events,
                    .outcome = -EINPROGRESS};
    gr__alarm alarm = {.fire = time_is_up, .argument = &w};
    bool timed = io->until != UINT64_MAX;
    counted();
    if (timed) gr__alarm_set(&alarm, io->until);
    int error = park(io, &w);
    if (timed) gr__alarm_stop(&alarm);
    GR__ADD(&gr__net_waiting, -1);
    if (!error || error == -ETIMEDOUT || error == -EPERM) return error;
    if (error == CLOSED) return -EBADF;
    if (epoll_is_lost(error, io->fd)) {
        gr__epoll_lost(instance);
        return 0;
    }
    return error == -EBADF ? error : wait_on_thread(io, events); /* no room for another one */
}

void gr__io_end(const gr__io *io) {
    gr__descriptor *d = io->descriptor;
    if (!io->waited || !d || !GR__LOAD(&d->first)) return;
    gr__lock(&d->lock);
    if (wanted(d) & ~(uint32_t)d->armed) arm_rest(d, io->fd);
    else gr__unlock(&d->lock);
}
