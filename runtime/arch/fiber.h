/* fiber.h - tells the compiler's sanitizers about stack switches. Empty inline functions in a build
 * without one; the libraries in users' programs are such builds.
 *
 * A gr__fiber stands for one stack: a goroutine's, a thread's own, or a scheduler's. Around every
 * gr__switch from stack A to stack B:
 *
 *     gr__fiber_leave(&A, &B);     last thing before the switch, in the function that switches: between
 *     gr__switch(...);             the two no instrumented function may be called or returned from
 *     gr__fiber_arrived(&A);       when somebody has switched back to A
 *
 * and gr__fiber_arrived(&B) first thing on a brand-new B. Who goes for good says gr__fiber_leave_for_good.
 * A may be picked up by another thread once gr__switch has saved its stack pointer, not before: what is
 * here of A is written by gr__fiber_leave and read by gr__fiber_arrived. B's bounds are constant.
 *
 * A stack that runs again for somebody else is a new fiber: gr__fiber_end (which does nothing to one
 * that is all zero) on another stack, once it has been left for good, and gr__fiber_new. ThreadSanitizer
 * takes a switch for an edge from A to B, as both run on one thread. */
#ifndef GR_RUNTIME_ARCH_FIBER_H
#define GR_RUNTIME_ARCH_FIBER_H

#include "runtime/base/base.h"

#ifdef GR__ADDRESS_SANITIZED
#include <sanitizer/asan_interface.h>
#include <sanitizer/common_interface_defs.h>
#endif
#ifdef GR__THREAD_SANITIZED
#include <sanitizer/tsan_interface.h>
#endif

#define GR__FIBER_CALL __attribute__((always_inline, unused)) static inline

typedef struct gr__fiber {
#ifdef GR__ADDRESS_SANITIZED
    void *fake;                 /* the sanitizer's heap for frames, while the stack does not run */
    uintptr_t low, high;        /* c */
#endif
#ifdef GR__THREAD_SANITIZED
    void *history;              /* c */
#endif
} gr__fiber;

/* f is the stack [low, high) that the caller runs on. */
GR__FIBER_CALL void gr__fiber_here(gr__fiber *f, uintptr_t low, uintptr_t high) {
    (void)f, (void)low, (void)high;
#ifdef GR__ADDRESS_SANITIZED
    f->low = low;
    f->high = high;
#endif
#ifdef GR__THREAD_SANITIZED
    f->history = __tsan_get_current_fiber();
#endif
}

/* f is the stack [low, high), which nobody runs on yet. */
GR__FIBER_CALL void gr__fiber_new(gr__fiber *f, uintptr_t low, uintptr_t high) {
    (void)f, (void)low, (void)high;
#ifdef GR__ADDRESS_SANITIZED
    f->fake = NULL;
    f->low = low;
    f->high = high;
#endif
#ifdef GR__THREAD_SANITIZED
    f->history = __tsan_create_fiber(0);
#endif
}

GR__FIBER_CALL void gr__fiber_leave(gr__fiber *from, const gr__fiber *to) {
    (void)from, (void)to;
#ifdef GR__ADDRESS_SANITIZED
    __sanitizer_start_switch_fiber(&from->fake, (const void *)to->low, to->high - to->low);
#endif
#ifdef GR__THREAD_SANITIZED
    __tsan_switch_to_fiber(to->history, 0);
#endif
}

/* The same when nobody will return to `from`: frames that never end leave no marks on it. */
GR__FIBER_CALL void gr__fiber_leave_for_good(gr__fiber *from, const gr__fiber *to) {
    (void)from, (void)to;
#ifdef GR__ADDRESS_SANITIZED
    uintptr_t here = (uintptr_t)__builtin_frame_address(0);
    if (here > from->low && here < from->high)
        __asan_unpoison_memory_region((const void *)here, from->high - here);
    __sanitizer_start_switch_fiber(NULL, (const void *)to->low, to->high - to->low);
#endif
#ifdef GR__THREAD_SANITIZED
    __tsan_switch_to_fiber(to->history, 0);
#endif
}

GR__FIBER_CALL void gr__fiber_arrived(gr__fiber *self) {
    (void)self;
#ifdef GR__ADDRESS_SANITIZED
    void *fake = self->fake;
    self->fake = NULL;
    __sanitizer_finish_switch_fiber(fake, NULL, NULL);
#endif
}

GR__FIBER_CALL void gr__fiber_end(gr__fiber *f) {
    (void)f;
#ifdef GR__THREAD_SANITIZED
    if (f->history) __tsan_destroy_fiber(f->history);
    f->history = NULL;
#endif
}

#endif
