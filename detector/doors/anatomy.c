/* anatomy.c - what the detector adds to the description of the program for who looks from outside: which actor
 * a thread is, and who has which lock. Once, by the first thread. */
#include "detector/doors/doors.h"
#include "runtime/inspect/anatomy.h"

#include <stddef.h>

void gr__anatomy_tell(void) {
    gr__anatomy_here.actor_id = offsetof(gr__actor, id);
    gr__anatomy_here.actor_number = offsetof(gr__actor, number);
    gr__anatomy_here.actor_kind = offsetof(gr__actor, kind);
    gr__lock_anatomy_tell(&gr__anatomy_here);
    gr__anatomy_here.tls_actor = (int64_t)((uintptr_t)&gr__me - (uintptr_t)__builtin_thread_pointer());
}
