/* annotations.h - what existing programs declare of ThreadSanitizer's interface and of dynamic
 * annotations. ANNOTATE(call) is there in the twin that defines ANNOTATED. */
#ifndef ANNOTATIONS_H
#define ANNOTATIONS_H

#include "together.h"

#ifdef ANNOTATED
#define ANNOTATE(...) __VA_ARGS__
#else
#define ANNOTATE(...) ((void)0)
#endif
#define HERE __FILE__, __LINE__

void __tsan_acquire(void *object);
void __tsan_release(void *object);
void __tsan_mutex_create(void *mutex, unsigned flags);
void __tsan_mutex_destroy(void *mutex, unsigned flags);
void __tsan_mutex_pre_lock(void *mutex, unsigned flags);
void __tsan_mutex_post_lock(void *mutex, unsigned flags, int recursion);
int __tsan_mutex_pre_unlock(void *mutex, unsigned flags);
void __tsan_mutex_post_unlock(void *mutex, unsigned flags);
void __tsan_mutex_pre_signal(void *mutex, unsigned flags);
void __tsan_mutex_post_signal(void *mutex, unsigned flags);
void __tsan_mutex_pre_divert(void *mutex, unsigned flags);
void __tsan_mutex_post_divert(void *mutex, unsigned flags);
enum { TSAN_READ_LOCK = 1 << 3, TSAN_TRY_LOCK = 1 << 4, TSAN_TRY_LOCK_FAILED = 1 << 5 };
void *__tsan_get_current_fiber(void);
void *__tsan_create_fiber(unsigned flags);
void __tsan_destroy_fiber(void *fiber);
void __tsan_switch_to_fiber(void *fiber, unsigned flags);
void __tsan_set_fiber_name(void *fiber, const char *name);
void *__tsan_external_register_tag(const char *type);
void __tsan_external_write(void *object, void *caller, void *tag);

void AnnotateHappensBefore(const char *file, int line, const volatile void *object);
void AnnotateHappensAfter(const char *file, int line, const volatile void *object);
void AnnotateCondVarSignal(const char *file, int line, const volatile void *object);
void AnnotateCondVarWait(const char *file, int line, const volatile void *object, const volatile void *lock);
void AnnotateRWLockCreate(const char *file, int line, const volatile void *lock);
void AnnotateRWLockDestroy(const char *file, int line, const volatile void *lock);
void AnnotateRWLockAcquired(const char *file, int line, const volatile void *lock, long writes);
void AnnotateRWLockReleased(const char *file, int line, const volatile void *lock, long writes);
void AnnotateBarrierWaitBefore(const char *file, int line, const volatile void *object);
void AnnotateBarrierWaitAfter(const char *file, int line, const volatile void *object);
void AnnotatePCQPut(const char *file, int line, const volatile void *queue);
void AnnotatePCQGet(const char *file, int line, const volatile void *queue);
void AnnotateIgnoreReadsBegin(const char *file, int line);
void AnnotateIgnoreReadsEnd(const char *file, int line);
void AnnotateIgnoreWritesBegin(const char *file, int line);
void AnnotateIgnoreWritesEnd(const char *file, int line);
void AnnotateIgnoreSyncBegin(const char *file, int line);
void AnnotateIgnoreSyncEnd(const char *file, int line);
void AnnotateBenignRace(const char *file, int line, const volatile void *memory, const char *why);
void AnnotateBenignRaceSized(const char *file, int line, const volatile void *memory, long size, const char *why);
void AnnotateNewMemory(const char *file, int line, const volatile void *memory, long size);
void AnnotatePublishMemoryRange(const char *file, int line, const volatile void *memory, long size);
void AnnotateThreadName(const char *file, int line, const char *name);
void AnnotateFlushState(const char *file, int line);
int RunningOnValgrind(void);
double ValgrindSlowdown(void);

#endif
