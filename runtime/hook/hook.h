/* hook.h - what the runtime tells the detector. Called by runtime/{sched,chan,sync,time,net}.
 *
 * In libgorace every hook is an empty inline function; in libgorace_race (GR_RACE defined) they
 * are calls into detector/doors/runtime_door.c. Nothing else in the runtime knows of the detector.
 *
 * Rules for callers:
 *  - "self" hooks speak for the goroutine that runs on this thread and are called on its stack.
 *  - the *_g hooks speak for another, parked goroutine; the caller holds the lock of the object
 *    that the goroutine is parked on, so nobody else touches its clock.
 *  - `object` is any address that stays the same object while its edges matter: a channel slot,
 *    the channel, a mutex word. A new object in old memory needs gr__hook_object_new first.
 *  - `pc` is the return address of the public gr_ function, i.e. a place in the user's code.
 */
#ifndef GR_RUNTIME_HOOK_H
#define GR_RUNTIME_HOOK_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

struct gr__g;
struct gr__deed;
struct gr__thread_view;

#define GR__CALLER_PC ((uintptr_t)__builtin_return_address(0))

#ifdef GR_RACE
#define GR__HOOK(signature) void signature;
#else
#define GR__HOOK(signature) static inline void signature {}
#endif

#ifndef GR_RACE
#pragma GCC diagnostic push
#pragma GCC diagnostic ignored "-Wunused-parameter"
#endif

/* --- life of goroutines; g->detector is ours to use --- */
/* The main thread has become goroutine 1 (or a foreign thread got a g of its own). */
GR__HOOK(gr__hook_thread_attach(struct gr__g *g))
/* self starts `child` at pc; sets child->detector. */
GR__HOOK(gr__hook_go(struct gr__g *child, uintptr_t pc))
/* self is at its end; its stack [low, high) will be reused: shadow of it is forgotten. */
GR__HOOK(gr__hook_goexit(struct gr__g *g))
/* This thread goes on with g (on g's behalf from now on); NULL: with the scheduler itself. */
GR__HOOK(gr__hook_switch(struct gr__g *g))

/* --- libc calls of our own --- */
/* What this thread calls of libc and pthreads between them is the runtime's own, not the user's:
 * intercepting doors pass it through. No goroutine switch lies in between. */
GR__HOOK(gr__hook_own_begin(void))
GR__HOOK(gr__hook_own_end(void))

/* --- happens-before --- */
GR__HOOK(gr__hook_acquire(const void *object))
GR__HOOK(gr__hook_acquire_g(struct gr__g *g, const void *object))
GR__HOOK(gr__hook_release(const void *object))           /* the object's clock becomes self's */
GR__HOOK(gr__hook_release_g(struct gr__g *g, const void *object))
GR__HOOK(gr__hook_release_merge(const void *object))     /* the object's clock joins self's */
GR__HOOK(gr__hook_release_acquire(const void *object))   /* exchange: both get the join: buffered slots.
                                                            precisely: self acquires, then object := self */
/* self meets g, which waits at the object: as self's release, g's acquire and release, self's acquire. */
GR__HOOK(gr__hook_meet(struct gr__g *g, const void *object))
/* The same where a lock makes the edge: which of two comes first is luck. */
GR__HOOK(gr__hook_lock_acquire(const void *object))
GR__HOOK(gr__hook_lock_release(const void *object))
GR__HOOK(gr__hook_lock_release_merge(const void *object))
GR__HOOK(gr__hook_object_new(const void *low, size_t size))  /* memory of a new primitive: no history */
GR__HOOK(gr__hook_object_free(const void *low, size_t size, uintptr_t pc))
/* The program holds this memory of the runtime by a pointer, as if malloc had given it; it is freed. */
GR__HOOK(gr__hook_block_new(const void *low, size_t size))
GR__HOOK(gr__hook_block_gone(const void *low))

/* --- memory the runtime touches for the user (elements sent and received, counters) --- */
GR__HOOK(gr__hook_read(const void *address, size_t size, uintptr_t pc))
GR__HOOK(gr__hook_write(const void *address, size_t size, uintptr_t pc))
/* conflicts on a channel itself: send is a "read" of it, close a "write"; reported as such */
GR__HOOK(gr__hook_chan_send(const void *channel, uintptr_t pc))
GR__HOOK(gr__hook_chan_close(const void *channel, uintptr_t pc))
GR__HOOK(gr__hook_chan_made(const void *channel, uintptr_t pc))

/* --- descriptors: the edges of plain read, write and accept --- */
GR__HOOK(gr__hook_descriptor_release(int fd, uintptr_t pc))  /* before a write */
GR__HOOK(gr__hook_descriptor_acquire(int fd, uintptr_t pc))  /* after a read */
GR__HOOK(gr__hook_descriptor_accepted(int listener, int fd, uintptr_t pc))

/* --- locks: kinds are lock.def's --- */
/* self has taken it: to read, with others; by a try. */
GR__HOOK(gr__hook_locked(const void *lock, unsigned kind, bool reads, bool try, uintptr_t pc))
/* self is about to wait with it for a condition. */
GR__HOOK(gr__hook_monitor(const void *lock))
/* self is about to give it. */
GR__HOOK(gr__hook_unlock(const void *lock, unsigned kind, uintptr_t pc))

/* --- waiting --- */
/* This thread of the runtime sleeps in between, and touches nothing: who stops all threads need not send it a
 * signal. `end` may wait. */
GR__HOOK(gr__hook_rest_begin(void))
GR__HOOK(gr__hook_rest_end(void))
/* self is about to park (reason: wait.def) / was parked and runs again. */
GR__HOOK(gr__hook_block(struct gr__g *g, unsigned reason, const void *object, uintptr_t pc))
GR__HOOK(gr__hook_unblock(struct gr__g *g))
/* self is going to wait for a lock that others have, and will ask for it no more until it is its own; and has
 * waited. No lock is held. */
GR__HOOK(gr__hook_lock_wait(unsigned reason, const void *lock, uintptr_t pc))
GR__HOOK(gr__hook_lock_waited(void))
/* Who waits for itself, or in a circle, is told of there. */
#ifdef GR_RACE
enum { GR__HOOK_SEES_CIRCLES = true };
#else
enum { GR__HOOK_SEES_CIRCLES = false };
#endif
/* Visit each thread that stands in a call of pthreads: that is goroutine g's; with NULL, those that are nobody's. */
GR__HOOK(gr__hook_standing(struct gr__g *g, void (*visit)(const struct gr__thread_view *view, void *argument),
                           void *argument))
/* self received the end of a closed channel at pc, in case `index` of a select or, -1, by itself; valued:
 * it asked for a value. */
GR__HOOK(gr__hook_recv_end(struct gr__g *g, const void *channel, int index, bool valued, uintptr_t pc))
/* self made progress on a channel other than receiving its end. */
GR__HOOK(gr__hook_progress(struct gr__g *g))

/* --- what reports of misuse tell --- */
/* What g does at deed->pc: where that is, with all callers. */
GR__HOOK(gr__hook_deed(struct gr__g *g, struct gr__deed *deed))
/* The counter of a wait group: self raised it from zero, brought it to zero, waits for it. */
GR__HOOK(gr__hook_waitgroup_raised(const void *group, uintptr_t pc))
GR__HOOK(gr__hook_waitgroup_zero(const void *group, uintptr_t pc))
GR__HOOK(gr__hook_waitgroup_wait(const void *group, uintptr_t pc))
/* self is about to wait for a condition, and give its lock meanwhile. */
GR__HOOK(gr__hook_cond_wait(const void *lock, uintptr_t pc))
/* self signalled a condition that nobody waits for. */
GR__HOOK(gr__hook_signal_lost(const void *condition, uintptr_t pc))
#ifdef GR_RACE
/* The callers of deed->place, innermost first; how many. */
size_t gr__hook_deed_stack(const struct gr__deed *deed, uint64_t *pcs, size_t max);
/* Of those above, the last one of a kind (past.def) that is remembered; false: none is. */
bool gr__hook_deed_of(const void *object, unsigned kind, struct gr__deed *out);
/* Who holds a lock, or held it when it ended; false: nobody is known to. */
bool gr__hook_holder(const void *lock, struct gr__deed *out, bool *ended);
#else
static inline size_t gr__hook_deed_stack(const struct gr__deed *deed, uint64_t *pcs, size_t max) { return 0; }
static inline bool gr__hook_holder(const void *lock, struct gr__deed *out, bool *ended) { return false; }
static inline bool gr__hook_deed_of(const void *object, unsigned kind, struct gr__deed *out) { return false; }
#endif

#ifndef GR_RACE
#pragma GCC diagnostic pop
#endif

#undef GR__HOOK
#endif
