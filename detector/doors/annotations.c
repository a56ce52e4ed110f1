/* annotations.c - what programs say of themselves: gorace.h's calls, ThreadSanitizer's
 * (tsan_interface.h) and Valgrind's dynamic annotations. Any thread. All are weak symbols: programs
 * often bring empty ones of their own. */
#include "detector/doors/doors.h"
#include "detector/doors/tell.h"

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

/* --- ThreadSanitizer --- */

GR__EXPORT void __tsan_acquire(void *object) { acquired(object, GR__PC - 1); }
GR__EXPORT void __tsan_release(void *object) { GR__SYNC_FROM(HAPPENS_BEFORE, second(object), GR__PC - 1); }
GR__EXPORT void __tsan_ignore_thread_begin(void) { ignore(1); }
GR__EXPORT void __tsan_ignore_thread_end(void) { ignore(-1); }

enum mutex_flags { READ_LOCK = 1 << 3, TRY_LOCK_FAILED = 1 << 5 };

static void locked(void *mutex, unsigned flags, uintptr_t pc) {
    if (flags & TRY_LOCK_FAILED) return;
    GR__SYNC_TO(PTHREAD_RWLOCK_WRITE, second(mutex), pc);
    if (!(flags & READ_LOCK)) GR__SYNC_TO(PTHREAD_RWLOCK_READ, second((char *)mutex + 1), pc);
}
static void unlocked(void *mutex, unsigned flags, uintptr_t pc) {
    if (flags & READ_LOCK) GR__SYNC_FROM(PTHREAD_RWLOCK_READ, second((char *)mutex + 1), pc);
    else GR__SYNC_FROM(PTHREAD_RWLOCK_WRITE, second(mutex), pc);
}

GR__EXPORT void __tsan_mutex_create(void *mutex, unsigned flags) {
    (void)flags;
    gr__sync_destroy((uintptr_t)mutex, 2);
}
GR__EXPORT void __tsan_mutex_destroy(void *mutex, unsigned flags) {
    (void)flags;
    gr__sync_destroy((uintptr_t)mutex, 2);
}
GR__EXPORT void __tsan_mutex_pre_lock(void *mutex, unsigned flags) { (void)mutex, (void)flags; }
GR__EXPORT void __tsan_mutex_post_lock(void *mutex, unsigned flags, int recursion) {
    (void)recursion;
    locked(mutex, flags, GR__PC - 1);
}
GR__EXPORT int __tsan_mutex_pre_unlock(void *mutex, unsigned flags) {
    unlocked(mutex, flags, GR__PC - 1);
    return 1;
}
GR__EXPORT void __tsan_mutex_post_unlock(void *mutex, unsigned flags) { (void)mutex, (void)flags; }
GR__EXPORT void __tsan_mutex_pre_signal(void *mutex, unsigned flags) { (void)mutex, (void)flags; }
GR__EXPORT void __tsan_mutex_post_signal(void *mutex, unsigned flags) { (void)mutex, (void)flags; }
/* Between these a mutex's own code calls something that is to be seen again. */
GR__EXPORT void __tsan_mutex_pre_divert(void *mutex, unsigned flags) { (void)mutex, (void)flags; }
GR__EXPORT void __tsan_mutex_post_divert(void *mutex, unsigned flags) { (void)mutex, (void)flags; }

/* --- dynamic annotations; file and line are not needed --- */

#define WHERE const char *file, int line
#define UNUSED_WHERE (void)file, (void)line

GR__EXPORT void AnnotateHappensBefore(WHERE, const volatile void *object) {
    UNUSED_WHERE;
    GR__SYNC_FROM(HAPPENS_BEFORE, second(object), GR__PC - 1);
}
GR__EXPORT void AnnotateHappensAfter(WHERE, const volatile void *object) {
    UNUSED_WHERE;
    acquired(object, GR__PC - 1);
}
GR__EXPORT void AnnotateRWLockCreate(WHERE, const volatile void *lock) {
    UNUSED_WHERE;
    gr__sync_destroy((uintptr_t)lock, 2);
}
GR__EXPORT void AnnotateRWLockCreateStatic(WHERE, const volatile void *lock) {
    UNUSED_WHERE;
    gr__sync_destroy((uintptr_t)lock, 2);
}
GR__EXPORT void AnnotateRWLockDestroy(WHERE, const volatile void *lock) {
    UNUSED_WHERE;
    gr__sync_destroy((uintptr_t)lock, 2);
}
GR__EXPORT void AnnotateRWLockAcquired(WHERE, const volatile void *lock, long is_write) {
    UNUSED_WHERE;
    locked((void *)(uintptr_t)lock, is_write ? 0 : READ_LOCK, GR__PC - 1);
}
GR__EXPORT void AnnotateRWLockReleased(WHERE, const volatile void *lock, long is_write) {
    UNUSED_WHERE;
    unlocked((void *)(uintptr_t)lock, is_write ? 0 : READ_LOCK, GR__PC - 1);
}
GR__EXPORT void AnnotateIgnoreReadsBegin(WHERE) { UNUSED_WHERE; ignore(1); }
GR__EXPORT void AnnotateIgnoreReadsEnd(WHERE) { UNUSED_WHERE; ignore(-1); }
GR__EXPORT void AnnotateIgnoreWritesBegin(WHERE) { UNUSED_WHERE; ignore(1); }
GR__EXPORT void AnnotateIgnoreWritesEnd(WHERE) { UNUSED_WHERE; ignore(-1); }
GR__EXPORT void AnnotateNewMemory(WHERE, const volatile void *memory, long size) {
    UNUSED_WHERE;
    if (size > 0) gr__memory_reset((uintptr_t)memory, (size_t)size);
}
GR__EXPORT void AnnotateBenignRaceSized(WHERE, const volatile void *memory, long size,
                                        const char *why) {
    UNUSED_WHERE;
    (void)why;
    if (size > 0) gr__tell_benign_add((uintptr_t)memory, (size_t)size);
}
GR__EXPORT void AnnotateBenignRace(WHERE, const volatile void *memory, const char *why) {
    UNUSED_WHERE;
    (void)why;
    gr__tell_benign_add((uintptr_t)memory, 8);
}
