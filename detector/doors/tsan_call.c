/* tsan_call.c - what the compiler calls at the entry and exit of functions: the calling context of the actor
 * of this thread. Any thread. Names and types are the compiler's, so nothing declares them. */
#include "detector/doors/doors.h"
#include "detector/engine/loc.h"

#pragma GCC diagnostic ignored "-Wmissing-prototypes"

/* caller: where the function returns to, i.e. the frame above. */
GR__EXPORT void __tsan_func_entry(void *caller) {
    gr__actor *me = gr__me;
    if (me != &gr__nobody) me->context = gr__loc_get(me->context, (uintptr_t)caller);
}

GR__EXPORT void __tsan_func_exit(void) {
    gr__actor *me = gr__me;
    if (me != &gr__nobody) me->context = gr__loc_up(me->context);
}
