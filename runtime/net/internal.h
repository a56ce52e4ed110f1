/* internal.h - what the files of the net room share; nobody else includes it.
 *
 * From the top: io.c and socket.c are the public calls; descriptor.c knows who waits for what; epoll.c
 * has the epoll instance; call.c asks the kernel. Lock order: alarms, a descriptor's, scheduler. */
#ifndef GR_RUNTIME_NET_INTERNAL_H
#define GR_RUNTIME_NET_INTERNAL_H

#include "runtime/net/net.h"
#include "runtime/sched/sched.h"
#include "runtime/time/time.h"

#include <errno.h>
#include <poll.h>
#include <sys/epoll.h>
#include <sys/syscall.h>
#include <sys/uio.h>

/* --- call.c: the kernel, unseen by interceptors: results as it gives them, -errno for errors. Keep
 * errno. A function of their own file, as the compiler may keep errno's address over a switch. --- */
long gr__call(long number, long a, long b, long c, long d, long e); /* again when interrupted */
#define GR__CALL(name, a, b, c, d, e) \
    gr__call(SYS_##name, (long)(a), (long)(b), (long)(c), (long)(d), (long)(e))
/* preadv2 or pwritev2 at the file's own position. */
long gr__call_at(long number, int fd, const struct iovec *one, int flags);
bool gr__call_is_open(int fd);
bool gr__call_is_file(int fd);  /* what poll(2) calls ready always, and epoll does not take */
/* The events that fd has now, or has until then; 0: time is up. */
int gr__call_poll(int fd, uint32_t events, uint64_t until_ns);
long gr__call_epoll_wait(int epoll, struct epoll_event *events, int most, uint64_t until_ns);

/* --- descriptor.c --- */
/* What is known of a descriptor's number. Hints may be about a file that had it before: they cost time
 * when wrong, nothing else. */
typedef struct gr__descriptor {
    uint32_t lock;
    bool known;                     /* lock: the epoll instance has been told of it */
    uint16_t armed;                 /* lock: the events it was told last, and has not given since */
    bool plain;                     /* a: a hint: no socket */
    uint8_t thirst;                 /* a: a hint, see io.c */
    struct gr__waiter *first, *last; /* lock; first is read without, to see whether there is one */
} gr__descriptor;

/* NULL: out of range, or out of memory. */
gr__descriptor *gr__descriptor_of(int fd);

/* One call that may wait more than once; `waited` when it has. */
typedef struct gr__io {
    gr__g *g;
    gr__descriptor *descriptor;
    uint64_t until;                 /* UINT64_MAX: no limit */
    uintptr_t pc;
    int fd;
    bool waited;
} gr__io;
gr__io gr__io_begin(int fd, uintptr_t pc);
/* Wait for one of `events`. 0: maybe there is one, try; -ETIMEDOUT; -EPERM: its kind is always ready;
 * -EBADF: it is closed. */
int gr__io_wait(gr__io *io, uint32_t events);
/* The call is done: who else waits is next. */
void gr__io_end(const gr__io *io);

/* For epoll.c: events have come. How many were readied. */
uint32_t gr__descriptor_ready(int fd, uint32_t events);
/* Wake those whose descriptor was closed long ago. */
uint32_t gr__descriptors_look(uint64_t now);
/* The epoll instance is another one: wake all, so that they tell it what they want. */
void gr__descriptors_wake_all(void);
void gr__descriptors_forked(void);

/* --- epoll.c --- */
bool gr__epoll_open(void);          /* false: not to be had now */
/* Make sure that there is one, after a call that said there is not. */
void gr__epoll_lost(int lost);
int gr__epoll_instance(void);
int gr__epoll_arm(int operation, int fd, uint32_t events); /* one shot; 0 or -errno */

#endif
