/* epoll.c - the epoll instance that all descriptors are in, and the polls of it. Any thread.
 *
 * Registrations are level-triggered and for one shot: each wait arms its descriptor anew. That is a
 * call of the kernel for each wait, which edges that are registered once would save; but programs close
 * descriptors with close(2), unseen by us, and a new file gets the number: a wait that tells the kernel
 * nothing would then wait for an edge of a file that nobody has registered. Arming finds out (ENOENT).
 * It looks at the file too, so no readiness is missed, and nothing comes that nobody waits for.
 *
 * A program may also close the instance itself, when it closes all it has. Whoever notices makes
 * another, and wakes all that waited. The child of a fork leaves the instance to its parent. */
#include "runtime/net/internal.h"

#include "runtime/base/fault.h"
#include "runtime/base/proc.h"
#include "runtime/os/os.h"

#include <fcntl.h>
#include <pthread.h>

enum { BATCH = 128, INTERRUPT = -1 };
#define LOOK_NS ((uint64_t)1000000000)

uint32_t gr__net_waiting;

static uint32_t lock;                       /* of opening */
static int epoll = -1, interrupt = -1;      /* a */
static bool fork_told;                      /* lock */
static uint64_t look_at, look_every = LOOK_NS; /* a: when closed descriptors are looked for next */

static void in_child(void) {
    GR__CALL(close, epoll, 0, 0, 0, 0);
    GR__CALL(close, interrupt, 0, 0, 0, 0);
    epoll = interrupt = -1;
    lock = 0;
    gr__net_waiting = 0;
    gr__descriptors_forked();
}

static void tell_fork(void) {
    if (fork_told) return;
    fork_told = true;
    gr__hook_own_begin();
    pthread_atfork(NULL, NULL, in_child);
    gr__hook_own_end();
}

static int make(int *event) {
    if (gr__fault(GR__FAULT_EPOLL)) return -1;
    int made = (int)GR__CALL(epoll_create1, EPOLL_CLOEXEC, 0, 0, 0, 0);
    if (made < 0) return -1;
    *event = gr__fault(GR__FAULT_EPOLL) ? -1 : (int)GR__CALL(eventfd2, 0, O_CLOEXEC | O_NONBLOCK, 0, 0, 0);
    struct epoll_event e = {.events = EPOLLIN, .data.fd = INTERRUPT};
    if (*event >= 0 && GR__CALL(epoll_ctl, made, EPOLL_CTL_ADD, *event, &e, 0) == 0) return made;
    if (*event >= 0) GR__CALL(close, *event, 0, 0, 0, 0);
    GR__CALL(close, made, 0, 0, 0, 0);
    return -1;
}

bool gr__epoll_open(void) {
    if (GR__LOAD_ACQUIRE(&epoll) >= 0) return true;
    gr__lock(&lock);
    if (epoll < 0) {
        int event, made = make(&event);
        if (made >= 0) {
            tell_fork();
            GR__STORE(&interrupt, event);
            GR__STORE(&epoll, made);
        }
    }
    bool open = epoll >= 0;
    gr__unlock(&lock);
    return open;
}

int gr__epoll_instance(void) { return GR__LOAD_ACQUIRE(&epoll); }

/* The program may have closed it, with all its descriptors, and the number be another file's. */
static bool is_event(int fd) {
    static const char kind[] = "anon_inode:[eventfd]";
    char name[GR__PROC_PATH], what[sizeof kind] = "";
    size_t at;
    if (fd < 0) return false;
    gr__proc_path(name, GR__PROC_DESCRIPTORS, fd, "");
    if (GR__CALL(readlinkat, AT_FDCWD, name, what, sizeof what, 0) != sizeof kind - 1) return false;
    for (at = 0; kind[at] && what[at] == kind[at]; at++) {}
    return !kind[at];
}

static void signal_event(int event) {
    uint64_t one = 1;
    if (is_event(event)) GR__CALL(write, event, &one, sizeof one, 0, 0);
}

/* The watcher may sleep in the lost one, which lives as long as it does; or it was called while there was
 * none, and its call has come to nothing. */
void gr__epoll_lost(int lost) {
    gr__lock(&lock);
    bool mine = epoll == lost;
    int event = interrupt;
    if (mine) {
        GR__STORE(&epoll, -1);
        GR__STORE(&interrupt, -1);
    }
    gr__unlock(&lock);
    if (!mine) return;
    signal_event(event);
    gr__epoll_open();
    gr__net_interrupt();
    gr__descriptors_wake_all();
}

int gr__epoll_arm(int operation, int fd, uint32_t events) {
    struct epoll_event e = {.events = events | EPOLLONESHOT, .data.fd = fd};
    return (int)GR__CALL(epoll_ctl, GR__LOAD_ACQUIRE(&epoll), operation, fd, &e, 0);
}

void gr__net_interrupt(void) { signal_event(GR__LOAD(&interrupt)); }

/* An interrupt is for one that waits, which takes it; others leave it where it is. */
static void take_interrupt(void) {
    uint64_t times;
    GR__CALL(read, GR__LOAD(&interrupt), &times, sizeof times, 0, 0);
}

static uint32_t take(uint64_t until_ns, bool waits, bool *interrupted) {
    struct epoll_event events[BATCH];
    int here = GR__LOAD(&epoll);
    gr__hook_rest_begin();
    long n = here < 0 ? 0 : gr__call_epoll_wait(here, events, BATCH, until_ns);
    gr__hook_rest_end();
    uint32_t readied = 0;
    if (n == -EBADF || n == -EINVAL) gr__epoll_lost(here);
    *interrupted = n < 0 || here < 0;
    for (long i = 0; i < n; i++) {
        if (events[i].data.fd == INTERRUPT) *interrupted = true;
        else readied += gr__descriptor_ready(events[i].data.fd, events[i].events);
    }
    if (*interrupted && waits) take_interrupt();
    return readied;
}

/* Who waits long is looked after now and then, ever less often while nothing happens. */
uint32_t gr__net_poll(uint64_t until_ns) {
    bool interrupted;
    if (!until_ns) return take(0, false, &interrupted);
    for (;;) {
        uint64_t look = GR__LOAD_RELAXED(&look_at), now = gr__os_now();
        uint32_t n = take(look < until_ns ? look > now ? look : 0 : until_ns, true, &interrupted);
        if (n) GR__STORE_RELAXED(&look_every, LOOK_NS);
        now = gr__os_now();
        if (now >= look) {
            uint64_t every = GR__LOAD_RELAXED(&look_every);
            GR__STORE_RELAXED(&look_at, now + every);
            if (every < 64 * LOOK_NS) GR__STORE_RELAXED(&look_every, 2 * every);
            n += gr__descriptors_look(now);
        }
        if (n || interrupted || now >= until_ns) return n;
    }
}
