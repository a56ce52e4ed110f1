/* anatomy.c - see runtime/inspect/anatomy.h. Constant but for what the first thread and the monitor fill in. */
#include "runtime/sched/internal.h"

#include "runtime/arch/arch.h"
#include "runtime/chan/chan.h"

#include <sys/syscall.h>
#include <unistd.h>

__attribute__((used)) gr__anatomy gr__anatomy_here = {
    .version = GR__ANATOMY_VERSION,
    .parts = GR__ANATOMY_PARTS,
    .slabs = (uintptr_t)&gr__slabs,
    .clock = (uintptr_t)&gr__s.clock,
    .entry = (uintptr_t)gr__stack_entry,
    .at = {
#define PART(name, type, member) [GR__AT_##name] = offsetof(type, member),
#define SIZE(name, type) [GR__AT_##name] = sizeof(type),
#include "runtime/inspect/anatomy.def"
#undef PART
#undef SIZE
    }};

/* In C there is no constant that is the distance of two objects; and the address itself would have to be
 * relocated in memory that is not written. */
__asm__(".pushsection .note.gorace, \"a\", %note\n\t"
        ".balign 4\n\t"
        ".long 7, 16, 1\n\t"        /* lengths of the name and of what follows; GR__ANATOMY_NOTE */
        ".asciz \"gorace\"\n\t"
        ".balign 4\n\t"
        ".long 1, 0\n\t"            /* GR__ANATOMY_VERSION */
        ".8byte gr__anatomy_here - .\n\t"
        ".popsection");
_Static_assert(GR__ANATOMY_VERSION == 1 && GR__ANATOMY_NOTE == 1 && sizeof(gr__anatomy_note) == 16, "the note above");

/* Compilers keep the addresses of thread-local variables, but their distances are the same everywhere. */
void gr__anatomy_init(void) {
    uintptr_t here = (uintptr_t)__builtin_thread_pointer();
    gr__anatomy_here.process = (uint64_t)syscall(SYS_getpid);
    gr__anatomy_here.tls_m = (int64_t)((uintptr_t)&gr__tls_m - here);
    gr__anatomy_here.tls_g = (int64_t)((uintptr_t)&gr__tls_g - here);
}
