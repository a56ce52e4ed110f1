/* doors.h - what the doors share: who is acting on this thread, and the way into the engine.
 *
 * A door is where the program's doings come in: compiler's calls (tsan_*.c), libc and pthread
 * calls (libc_*.c, pthread_*.c), the runtime's hooks (runtime_door.c). Doors only.
 *
 * Code here runs inside the user's calls: it calls no malloc and no stdio, keeps errno, and never
 * holds a lock while it calls a function of the user or a libc function that may wait.
 */
#ifndef GR_DETECTOR_DOORS_H
#define GR_DETECTOR_DOORS_H

#include "detector/engine/engine.h"
#include "detector/locks/locks.h"
#include "runtime/base/base.h"

/* Weak: what a program defines itself, it keeps. */
#define GR__EXPORT __attribute__((visibility("default"), weak))
#define GR__PC ((uintptr_t)__builtin_return_address(0))

/* --- who acts on this thread (thread_state.c) --- */
/* Stands for nobody: before the program begins, on a scheduler's stack, in threads of our own, after
 * a thread's end. Its stamp is 0, so that access checks of it end at once. */
extern gr__actor gr__nobody;
/* Never NULL. Owner: the thread; changed by thread start and end and by gr__hook_switch. A goroutine
 * changes threads, so no function keeps it across a call that may park. */
extern __thread gr__actor *gr__me;
/* > 0: the calls of this thread are our own: interceptors pass them through unseen. */
extern __thread int gr__own;
static inline bool gr__seen(void) { return gr__me != &gr__nobody && !gr__own; }
/* The same, for what makes edges: AnnotateIgnoreSyncBegin leaves the accesses in sight. In calls of our own
 * too: libc may call the program's own malloc there, whose accesses are seen. */
static inline bool gr__orders(void) { return gr__me != &gr__nobody && gr__me->unordered <= 0; }

/* Ids of threads as printed: main is 0 and has its actor from gr__doors_init on. */
uint64_t gr__thread_number_next(void);

/* The main thread has its actor: it may be joined (pthread_thread.c). */
void gr__thread_main(void);

/* --- sampling (sample.c): what of the program's accesses is looked at now --- */
enum gr__sampling { GR__SAMPLING_OFF /* all, always */, GR__SAMPLING_PASSES, GR__SAMPLING_COUNTS,
                    GR__SAMPLING_COUNTS_SLOWLY, GR__SAMPLING_LOOKS };
extern uint32_t gr__sampling; /* atomic; OFF for ever, or never */
/* gr__here when there is sampling, and an access by gr__access_range. */
gr__loc gr__sample_here(uintptr_t pc);
void gr__sample_range(uintptr_t address, size_t size, unsigned flags, uintptr_t pc);

/* The place of pc in the function that runs here; while a sample is passed over, not who called it. */
static inline gr__loc gr__here(uintptr_t pc) {
    if (GR__UNLIKELY(GR__LOAD_RELAXED(&gr__sampling) == GR__SAMPLING_LOOKS)) return gr__sample_here(pc);
    return gr__loc_child(gr__me->context, pc);
}
/* The same for what is rare and may be told much later: always with who called it. */
static inline gr__loc gr__here_whole(uintptr_t pc) {
    if (GR__UNLIKELY(GR__LOAD_RELAXED(&gr__sampling))) return gr__sample_here(pc);
    return gr__loc_child(gr__me->context, pc);
}

/* --- locks of the doors: no signal handler of the program comes in between (libc_signal.c) --- */
static inline void gr__door_lock(uint32_t *lock) {
    gr__engine_go_in();
    gr__lock(lock);
}
static inline void gr__door_unlock(uint32_t *lock) {
    gr__unlock(lock);
    gr__engine_come_out();
}
/* hooks->out: signals that came meanwhile come now. */
void gr__signals_let_in(void);

/* --- idempotent; from .preinit_array, before any constructor. Earlier calls pass through. --- */
void gr__doors_init(void);
extern bool gr__doors_ready; /* constant after it */
void gr__anatomy_tell(void); /* anatomy.c */

/* --- accesses that interceptors make for the user --- */
/* Is it worth it to find out what they are? */
static inline bool gr__looks(void) {
    uint32_t mode = GR__LOAD_RELAXED(&gr__sampling);
    return gr__seen() && (mode == GR__SAMPLING_OFF || mode == GR__SAMPLING_LOOKS);
}
static inline void gr__range(const void *address, size_t size, unsigned flags, uintptr_t pc) {
    if (!size || !gr__seen()) return;
    if (GR__UNLIKELY(GR__LOAD_RELAXED(&gr__sampling))) gr__sample_range((uintptr_t)address, size, flags, pc);
    else gr__access_range(gr__me, (uintptr_t)address, size, flags, pc);
}
static inline void gr__read_range(const void *address, size_t size, uintptr_t pc) { gr__range(address, size, 0, pc); }
static inline void gr__write_range(const void *address, size_t size, uintptr_t pc) {
    gr__range(address, size, GR__ACCESS_WRITE, pc);
}

/* --- happens-before: GR__SYNC_FROM(PTHREAD_MUTEX, mutex, pc) before the real unlock,
 * GR__SYNC_TO(PTHREAD_MUTEX, mutex, pc) after the real lock; from sync.def --- */
#define GR__DO_RELEASE(object, pc) gr__release(gr__me, (uintptr_t)(object), gr__here(pc))
#define GR__DO_MERGE(object, pc) gr__release_merge(gr__me, (uintptr_t)(object), gr__here(pc))
#define GR__DO_ACQUIRE(object, pc) gr__acquire(gr__me, (uintptr_t)(object), gr__here(pc))
#define GR__DO_EXCHANGE(object, pc) gr__release_acquire(gr__me, (uintptr_t)(object), gr__here(pc))
#define GR__DO_FORK(object, pc) ((void)(object), (void)(pc))  /* gr__actor_fork makes the edge */
#define GR__DO_JOIN(object, pc) ((void)(object), (void)(pc))  /* gr__actor_join makes the edge */
#define GR__DO_NONE(object, pc) ((void)(object), (void)(pc))
/* What orders the same things in every schedule (locks.h). By luck do locks, and what words of atomics say. */
#define SYNC(id, NAME, name, from, to, from_operation, to_operation) GR__SYNC_##NAME = id,
enum gr__sync {
#include "runtime/vocab/sync.def"
};
#undef SYNC
static inline bool gr__sync_musts(enum gr__sync sync) {
    switch (sync) {
    case GR__SYNC_PTHREAD_MUTEX:
    case GR__SYNC_PTHREAD_RWLOCK_WRITE:
    case GR__SYNC_PTHREAD_RWLOCK_READ:
    case GR__SYNC_PTHREAD_COND:
    case GR__SYNC_PTHREAD_SPIN:
    case GR__SYNC_PTHREAD_ROBUST:
    case GR__SYNC_STREAM_LOCK:
    case GR__SYNC_FILE_LOCK:
    case GR__SYNC_ANNOTATED_LOCK_WRITE:
    case GR__SYNC_ANNOTATED_LOCK_READ: return false;
    default: return true;
    }
}
#define GR__MUST_RELEASE(object) gr__before_give(gr__me, (uintptr_t)(object))
#define GR__MUST_MERGE(object) gr__before_give(gr__me, (uintptr_t)(object))
#define GR__MUST_ACQUIRE(object) gr__before_take(gr__me, (uintptr_t)(object))
#define GR__MUST_EXCHANGE(object) (GR__MUST_ACQUIRE(object), GR__MUST_RELEASE(object))
#define GR__MUST_FORK(object) ((void)(object))
#define GR__MUST_JOIN(object) ((void)(object))
#define GR__MUST_NONE(object) ((void)(object))
#define SYNC(id, NAME, name, from, to, from_operation, to_operation)                              \
    static inline void gr__sync_from_##NAME(const volatile void *object, uintptr_t pc) {          \
        if (!gr__orders()) return;                                                                \
        GR__DO_##from_operation(object, pc);                                                      \
        if (gr__sync_musts(GR__SYNC_##NAME)) GR__MUST_##from_operation(object);                   \
    }                                                                                             \
    static inline void gr__sync_to_##NAME(const volatile void *object, uintptr_t pc) {            \
        if (!gr__orders()) return;                                                                \
        GR__DO_##to_operation(object, pc);                                                        \
        if (gr__sync_musts(GR__SYNC_##NAME)) GR__MUST_##to_operation(object);                     \
    }
#include "runtime/vocab/sync.def"
#undef SYNC
#define GR__SYNC_FROM(NAME, object, pc) gr__sync_from_##NAME((object), (pc))
#define GR__SYNC_TO(NAME, object, pc) gr__sync_to_##NAME((object), (pc))

/* --- descriptors as carriers of happens-before (libc_descriptor.c): before a write, after a read --- */
void gr__descriptor_from(int fd, uintptr_t pc);
void gr__descriptor_to(int fd, uintptr_t pc);
/* Its number was another's before. Files and terminals carry nothing; named pipes and such do. */
void gr__descriptor_opened(int fd);
/* What in carries goes on in out: before the call that moves it. */
void gr__descriptor_passes(int in, int out, uintptr_t pc);
void gr__descriptor_accepted(int listener, int fd, uintptr_t pc);
void gr__descriptor_signal(uintptr_t pc); /* a signal is on its way: to whatever signalfd made */

/* --- who owns a stack (stacks.c) --- */
void gr__stack_claim(uintptr_t low, uintptr_t high, uint64_t actor); /* this thread's */
void gr__stack_drop(uintptr_t low, uintptr_t high); /* wipes its shadow too */
/* The stack of a thread that address is in, as it was claimed. */
bool gr__stack_bounds(uintptr_t address, uintptr_t *low, uintptr_t *high);
void gr__stacks_init(void);
/* Each claim. For who has stopped all threads. */
void gr__stacks_each(void (*each)(uintptr_t low, uintptr_t high, void *argument), void *argument);
/* This thread runs goroutines: its thread-local storage is theirs. Cheap after the first time. */
extern __thread bool gr__stack_met;
void gr__stack_meet(void);

/* --- names of actors, for reports (names.c); a name is copied, NULL takes it away --- */
void gr__name_set(const gr__actor *actor, const char *name);
const char *gr__name_of(uint64_t actor); /* NULL: none; what gr_set_name said counts too */

/* --- interceptors: real functions are looked up in gr__interceptors_init --- */
void gr__interceptors_init(void);
void gr__interceptors_init_cxx(void); /* the rest, after the engine is there */

/* --- the end of the program (exit.c) --- */
void gr__exit_init(void);   /* registers the check that runs after all the program's own exit work */
/* Do what is due at the end: leaks, summary, the trace's end; the status to exit with. Once. */
int gr__exit_check(int status);
/* This thread ends the program by a call: its stack is in use from there on; 0: main has returned. */
extern __thread uintptr_t gr__exit_from;
void gr__exit_forked(void);
/* fork.c: the child of a fork forgets the reporter and the trace. */
void gr__fork_init(void);
extern int gr__process;  /* its id; changes in the child of a fork, not of a vfork */
extern bool gr__forked; /* this process is such a child: its parent's goroutines are not here */
/* ... of a parent with several threads: others may have held locks of ours when it was made. */
static inline bool gr__unwatched_child(void) { return gr__forked && gr__me == &gr__nobody; }

/* --- options (options.c): option.def, from the environment and .gorace.conf --- */
enum { GR__OPTION_TEXT = 4096 };
typedef struct gr__options {
#define OPTION(type, name, value, low, high, others, help) GR__OPTION_##type(name)
#define GR__OPTION_BOOL(name) bool name;
#define GR__OPTION_INT(name) long name;
#define GR__OPTION_STR(name) char name[GR__OPTION_TEXT];
#define GR__OPTION_SHARE(name) long name; /* in millionths */
#include "runtime/vocab/option.def"
#undef OPTION
#undef GR__OPTION_BOOL
#undef GR__OPTION_INT
#undef GR__OPTION_STR
#undef GR__OPTION_SHARE
} gr__options;
extern gr__options gr__option; /* constant after gr__doors_init */
void gr__options_init(void);

#endif
