/* interpose.h - what the interceptors share: the real functions. Doors only.
 *
 * An interceptor has the name of a libc function; the executable exports it, so that calls from
 * everywhere come here first. It tells the engine what the call does and calls the real one. On
 * threads that nobody watches, and in calls of our own (gr__seen), it only does the latter.
 */
#ifndef GR_DETECTOR_DOORS_INTERPOSE_H
#define GR_DETECTOR_DOORS_INTERPOSE_H

#include <arpa/inet.h>
#include <dirent.h>
#include <fcntl.h>
#include <grp.h>
#include <iconv.h>
#include <inttypes.h>
#include <mqueue.h>
#include <netdb.h>
#include <poll.h>
#include <pthread.h>
#include <pwd.h>
#include <semaphore.h>
#include <setjmp.h>
#include <signal.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>
#include <sys/epoll.h>
#include <sys/eventfd.h>
#include <sys/mman.h>
#include <sys/msg.h>
#include <sys/resource.h>
#include <sys/select.h>
#include <sys/sem.h>
#include <sys/signalfd.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/statvfs.h>
#include <sys/time.h>
#include <sys/timerfd.h>
#include <sys/times.h>
#include <sys/uio.h>
#include <sys/utsname.h>
#include <sys/wait.h>
#include <threads.h>
#include <time.h>
#include <ucontext.h>
#include <unistd.h>
#include <wchar.h>

#include "detector/doors/doors.h"

typedef void (*gr__handler)(int);

typedef struct gr__real_functions {
#define INTERCEPT(name, result, parameters) result(*name) parameters;
#define INTERCEPT_AT(name, result, parameters, version) result(*name) parameters;
#include "detector/doors/libc.def"
#undef INTERCEPT
#undef INTERCEPT_AT
} gr__real_functions;
extern gr__real_functions gr__real; /* constant after gr__interceptors_init; NULL: libc has none */
#define REAL(name) gr__real.name

/* The exact place of the call. */
#define PLACE (GR__PC - 1)

/* libc's headers say of some that they only write there; telling the engine where is no read. */
#pragma GCC diagnostic ignored "-Wmaybe-uninitialized"

/* What a call reads and writes for the program; HERE first. */
#define HERE uintptr_t pc = PLACE
#define READS(address, size) gr__read_range((address), (size), pc)
#define WRITES(address, size) gr__write_range((address), (size), pc)
#define READS_STRING(s) gr__read_string((s), pc)
#define WRITES_STRING(s) gr__write_string((s), pc)

/* Around a real function that itself calls functions which are intercepted: their stacks go on with
 * this call. */
typedef struct gr__inside { gr__actor *actor; gr__loc outer; } gr__inside;
static inline gr__inside gr__go_inside(uintptr_t return_address) {
    gr__inside i = {gr__seen() ? gr__me : NULL, gr__me->context};
    if (i.actor) i.actor->context = gr__here(return_address);
    return i;
}
static inline void gr__come_out(gr__inside i) {
    if (i.actor) i.actor->context = i.outer;
}
/* The same for the rest of a block, also when an exception leaves it (files with -fexceptions). */
static inline void gr__inside_ends(gr__inside *i) { gr__come_out(*i); }
#define INSIDE                                                                                    \
    __attribute__((cleanup(gr__inside_ends), unused)) gr__inside inside = gr__go_inside(GR__PC)

/* A string with its end; NULL: none. */
static inline void gr__read_string(const char *s, uintptr_t pc) {
    if (s && gr__seen()) gr__read_range(s, REAL(strlen)(s) + 1, pc);
}
static inline void gr__write_string(const char *s, uintptr_t pc) {
    if (s && gr__seen()) gr__write_range(s, REAL(strlen)(s) + 1, pc);
}

/* A synchronisation object begins or ends: what lived at its address before is forgotten. */
static inline void gr__object_fresh(const volatile void *object, size_t size) {
    if (!gr__seen()) return;
    gr__sync_destroy((uintptr_t)object, size);
    gr__lock_forget((uintptr_t)object, size);
}

/* What interceptors know of an address beside the engine (address_map.c): any thread. */
typedef struct gr__address_map {
    uint32_t lock;
    struct gr__address_entry *buckets[256];
} gr__address_map;
/* The value of address becomes value; 0 removes it. Returns the old one, 0: none. */
uint64_t gr__address_put(gr__address_map *map, const volatile void *address, uint64_t value);
uint64_t gr__address_get(gr__address_map *map, const volatile void *address);

/* Locks of files by fcntl, and their end with the descriptor (libc_file_lock.c). */
void gr__file_lock_before(int fd, int command, const void *lock, uintptr_t pc);
int gr__file_lock_after(int fd, int command, void *lock, int failed, uintptr_t pc);
void gr__file_lock_ends(int fd, uintptr_t pc);

/* The kernel has filled a socket's address, of which room bytes are wanted (libc_net.c). */
void gr__address_told(void *address, socklen_t room, socklen_t *length, uintptr_t pc);
/* The actor of a thread that runs (pthread_thread.c); NULL: it has not come here, or is not ours. */
gr__actor *gr__thread_actor(pthread_t id);
/* This thread begins: the name that others have given it (names.c). */
void gr__name_begin(const gr__actor *actor);

/* f for each address of this value; under the map's lock. */
void gr__address_each(gr__address_map *map, uint64_t value, void (*f)(uintptr_t address));

/* pthread_mutex.c: whether an unlock by this thread lets others in. Not an inner one of a recursive mutex,
 * nor one that fails because it is another's. */
bool gr__mutex_gives(const pthread_mutex_t *mutex);

/* pthread_robust.c: robust mutexes and who holds them. The end of a thread gives those that it holds. */
extern uint32_t gr__robust_mutexes; /* atomic: how many there were */
static inline bool gr__robust_any(void) { return GR__UNLIKELY(GR__LOAD_RELAXED(&gr__robust_mutexes)); }
void gr__robust_made(const pthread_mutex_t *mutex, const pthread_mutexattr_t *attributes);
void gr__robust_gone(const pthread_mutex_t *mutex);
void gr__robust_locked(const volatile void *mutex);
void gr__robust_given(const volatile void *mutex);
void gr__robust_owner_ends(void);

/* libc_signal.c: whoever gets this signal comes after what was done until now. */
void gr__signal_from(int number, uintptr_t pc);
/* Those, a bit each, whose handlers wake nobody: faults, libc's and the runtime's. */
uint64_t gr__signals_of_ours(void);

/* pthread_thread.c: this thread was made by libc for the program. From now on it has an actor, which comes
 * after nothing. */
void gr__thread_adopt(void);

/* After the look-up. */
void gr__threads_init(void); /* pthread_thread.c */
void gr__jumps_init(void);   /* jump.c */
void gr__loader_init(void);  /* libc_loader.c */

#endif
