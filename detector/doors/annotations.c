/* annotations.c - what programs say of themselves: gorace.h's calls, ThreadSanitizer's
 * (tsan_interface.h) and the dynamic annotations of Valgrind's and Google's headers. Any thread. All are
 * weak symbols: programs often bring empty ones of their own. Fibers are in fibers.c. */
#include "detector/doors/doors.h"
#include "detector/doors/leaks.h"
#include "detector/doors/log.h"
#include "detector/doors/stop.h"
#include "detector/finding/finding.h"
#include "detector/trace/trace.h"

#pragma GCC diagnostic ignored "-Wmissing-prototypes"

/* What is said of an object is kept apart from what its own atomic operations do: a relaxed store
 * must not end the edge that an annotation makes. */
static const void *second(const volatile void *object) {
    return (const void *)((uintptr_t)object | GR__OBJECT_SECOND);
}

/* Yet who says that it comes after also means what released the object atomically: it may have read
 * the word relaxed. */
static void acquired(const volatile void *object, uintptr_t pc) {
    GR__SYNC_TO(HAPPENS_BEFORE, object, pc);
    GR__SYNC_TO(HAPPENS_BEFORE, second(object), pc);
}

/* --- gorace.h --- */

GR__EXPORT void gr_happens_before(const void *object) {
    GR__SYNC_FROM(HAPPENS_BEFORE, second(object), GR__PC - 1);
}
GR__EXPORT void gr_happens_after(const void *object) {
    acquired(object, GR__PC - 1);
}

static void ignore(int change) {
    gr__actor *me = gr__me;
    if (me != &gr__nobody && me->ignore + change >= 0) me->ignore += change;
}
GR__EXPORT void gr_race_disable(void) { ignore(1); }
GR__EXPORT void gr_race_enable(void) { ignore(-1); }
GR__EXPORT int gr_race_errors(void) { return (int)gr__finding_races(); }

/* Its frame has the registers of the caller; what lies further in is none of the program's. */
GR__EXPORT GR__NOINLINE int gr_check_leaks(void) {
    uintptr_t sp;
    __builtin_unwind_init();
    GR__SP_HERE(sp);
    int stuck = gr__leaks_now(sp);
    __asm__ volatile("" ::: "memory"); /* no tail call: the frame stays */
    return stuck;
}

/* --- ThreadSanitizer --- */

GR__EXPORT void __tsan_acquire(void *object) { acquired(object, GR__PC - 1); }
GR__EXPORT void __tsan_release(void *object) { GR__SYNC_FROM(HAPPENS_BEFORE, second(object), GR__PC - 1); }
GR__EXPORT void __tsan_ignore_thread_begin(void) { ignore(1); }
GR__EXPORT void __tsan_ignore_thread_end(void) { ignore(-1); }

/* The code of a lock of the program's own is hidden, from before it locks until it has locked: what it
 * does there orders nothing, or the lock would order those who only met in it. Who is hidden stands in
 * `hidden`; a goroutine that parked meanwhile goes on in sight, and then the end finds nothing to do. */
static __thread gr__actor *hidden;
static __thread unsigned depth;

static void hide(void) {
    if (gr__me != &gr__nobody) {
        hidden = gr__me;
        depth = 1;
        gr__me = &gr__nobody;
    } else if (hidden) {
        depth++;
    }
}
static void show(void) {
    if (gr__me != &gr__nobody) hidden = NULL;
    if (!hidden || --depth) return;
    gr__me = hidden;
    hidden = NULL;
}

enum mutex_flags { READ_LOCK = 1 << 3, TRY_LOCK_FAILED = 1 << 5 };

static void locked(const volatile void *mutex, bool reads, uintptr_t pc) {
    GR__SYNC_TO(ANNOTATED_LOCK_WRITE, second(mutex), pc);
    if (!reads) GR__SYNC_TO(ANNOTATED_LOCK_READ, second((const volatile char *)mutex + 1), pc);
}
static void unlocked(const volatile void *mutex, bool reads, uintptr_t pc) {
    if (reads) GR__SYNC_FROM(ANNOTATED_LOCK_READ, second((const volatile char *)mutex + 1), pc);
    else GR__SYNC_FROM(ANNOTATED_LOCK_WRITE, second(mutex), pc);
}
static void fresh(const volatile void *mutex) { gr__sync_destroy((uintptr_t)mutex, 2); }

#define UNUSED_FLAGS (void)mutex, (void)flags

GR__EXPORT void __tsan_mutex_create(void *mutex, unsigned flags) { (void)flags, fresh(mutex); }
GR__EXPORT void __tsan_mutex_destroy(void *mutex, unsigned flags) { (void)flags, fresh(mutex); }
GR__EXPORT void __tsan_mutex_pre_lock(void *mutex, unsigned flags) { UNUSED_FLAGS, hide(); }
GR__EXPORT void __tsan_mutex_post_lock(void *mutex, unsigned flags, int recursion) {
    (void)recursion;
    show();
    if (!(flags & TRY_LOCK_FAILED)) locked(mutex, flags & READ_LOCK, GR__PC - 1);
}
GR__EXPORT int __tsan_mutex_pre_unlock(void *mutex, unsigned flags) {
    unlocked(mutex, flags & READ_LOCK, GR__PC - 1);
    hide();
    return 1;
}
GR__EXPORT void __tsan_mutex_post_unlock(void *mutex, unsigned flags) { UNUSED_FLAGS, show(); }
GR__EXPORT void __tsan_mutex_pre_signal(void *mutex, unsigned flags) { UNUSED_FLAGS, hide(); }
GR__EXPORT void __tsan_mutex_post_signal(void *mutex, unsigned flags) { UNUSED_FLAGS, show(); }
/* Between these a lock's own code calls something that is to be seen again. */
GR__EXPORT void __tsan_mutex_pre_divert(void *mutex, unsigned flags) { UNUSED_FLAGS, show(); }
GR__EXPORT void __tsan_mutex_post_divert(void *mutex, unsigned flags) { UNUSED_FLAGS, hide(); }

/* Accesses to an object as a whole, by a library that says so: to its first byte. */
GR__EXPORT void *__tsan_external_register_tag(const char *type) { return (void *)(uintptr_t)type; }
GR__EXPORT void __tsan_external_register_header(void *tag, const char *header) { (void)tag, (void)header; }
GR__EXPORT void __tsan_external_assign_tag(void *object, void *tag) { (void)object, (void)tag; }
GR__EXPORT void __tsan_external_read(void *object, void *caller, void *tag) {
    (void)tag;
    gr__read_range(object, 1, (uintptr_t)caller - 1);
}
GR__EXPORT void __tsan_external_write(void *object, void *caller, void *tag) {
    (void)tag;
    gr__write_range(object, 1, (uintptr_t)caller - 1);
}

/* --- dynamic annotations: each says where it stands, which its caller's address says too --- */

static void forget(const volatile void *memory, long size) {
    if (size > 0) gr__memory_reset((uintptr_t)memory, (size_t)size);
}
static void benign(const volatile void *memory, long size) {
    if (size <= 0) return;
    gr__benign_add((uintptr_t)memory, (size_t)size);
    gr__log_range(gr__me, GR__EVENT_BENIGN, 0, (uintptr_t)memory, (size_t)size, 0);
}
static void unordered(int change) {
    gr__actor *me = gr__me;
    if (me != &gr__nobody && me->unordered + change >= 0) me->unordered += change;
}

#define P(type) const volatile type *
#define ANNOTATION(name, parameters, ...)                                                         \
    GR__EXPORT void Annotate##name parameters {                                                   \
        (void)file, (void)line;                                                                   \
        __VA_ARGS__;                                                                              \
    }
#define NONE (const char *file, int line)
#define WITH(...) (const char *file, int line, __VA_ARGS__)
#define OBJECT WITH(P(void) object)
#define HERE GR__PC - 1

ANNOTATION(HappensBefore, OBJECT, GR__SYNC_FROM(HAPPENS_BEFORE, second(object), HERE))
ANNOTATION(HappensAfter, OBJECT, acquired(object, HERE))
ANNOTATION(CondVarSignal, OBJECT, GR__SYNC_FROM(ANNOTATED_SIGNAL, second(object), HERE))
ANNOTATION(CondVarSignalAll, OBJECT, GR__SYNC_FROM(ANNOTATED_SIGNAL, second(object), HERE))
ANNOTATION(CondVarWait, WITH(P(void) object, P(void) lock), (void)lock,
           GR__SYNC_TO(ANNOTATED_SIGNAL, second(object), HERE))
ANNOTATION(RWLockCreate, OBJECT, fresh(object))
ANNOTATION(RWLockCreateStatic, OBJECT, fresh(object))
ANNOTATION(RWLockDestroy, OBJECT, fresh(object))
ANNOTATION(RWLockAcquired, WITH(P(void) object, long writes), locked(object, !writes, HERE))
ANNOTATION(RWLockReleased, WITH(P(void) object, long writes), unlocked(object, !writes, HERE))
ANNOTATION(BarrierInit, WITH(P(void) object, long count, long again), (void)count, (void)again, fresh(object))
ANNOTATION(BarrierWaitBefore, OBJECT, GR__SYNC_FROM(ANNOTATED_BARRIER, second(object), HERE))
ANNOTATION(BarrierWaitAfter, OBJECT, GR__SYNC_TO(ANNOTATED_BARRIER, second(object), HERE))
ANNOTATION(BarrierDestroy, OBJECT, fresh(object))
ANNOTATION(PCQCreate, OBJECT, fresh(object))
ANNOTATION(PCQDestroy, OBJECT, fresh(object))
ANNOTATION(PCQPut, OBJECT, GR__SYNC_FROM(QUEUE, second(object), HERE))
ANNOTATION(PCQGet, OBJECT, GR__SYNC_TO(QUEUE, second(object), HERE))

ANNOTATION(IgnoreReadsBegin, NONE, ignore(1))
ANNOTATION(IgnoreReadsEnd, NONE, ignore(-1))
ANNOTATION(IgnoreWritesBegin, NONE, ignore(1))
ANNOTATION(IgnoreWritesEnd, NONE, ignore(-1))
ANNOTATION(IgnoreSyncBegin, NONE, unordered(1))
ANNOTATION(IgnoreSyncEnd, NONE, unordered(-1))
ANNOTATION(BenignRace, WITH(P(void) memory, const char *why), (void)why, benign(memory, 8))
ANNOTATION(BenignRaceSized, WITH(P(void) memory, long size, const char *why), (void)why, benign(memory, size))
ANNOTATION(ExpectRace, WITH(P(void) memory, const char *why), (void)why, benign(memory, 8))
ANNOTATION(NewMemory, WITH(P(void) memory, long size), forget(memory, size))
ANNOTATION(PublishMemoryRange, WITH(P(void) memory, long size), forget(memory, size))
ANNOTATION(ThreadName, WITH(const char *name), if (gr__seen()) gr__name_set(gr__me, name))

/* These change nothing here. */
ANNOTATION(MutexIsUsedAsCondVar, OBJECT, (void)object)
ANNOTATION(MutexIsNotPHB, OBJECT, (void)object)
ANNOTATION(TraceMemory, OBJECT, (void)object)
ANNOTATION(EnableRaceDetection, WITH(int enable), (void)enable)
ANNOTATION(FlushExpectedRaces, NONE)
ANNOTATION(FlushState, NONE)
ANNOTATION(NoOp, OBJECT, (void)object)
ANNOTATION(UnpublishMemoryRange, WITH(P(void) memory, long size), (void)memory, (void)size)
ANNOTATION(MemoryIsInitialized, WITH(P(void) memory, long size), (void)memory, (void)size)
ANNOTATION(MemoryIsUninitialized, WITH(P(void) memory, long size), (void)memory, (void)size)

/* By these programs decide how long they wait. */
GR__EXPORT int RunningOnValgrind(void) { return 0; }
GR__EXPORT double ValgrindSlowdown(void) { return 10; }
