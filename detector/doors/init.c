/* init.c - the detector's beginning: before any constructor of the program, on its only thread. */
#include "detector/doors/doors.h"
#include "detector/doors/locks.h"
#include "detector/doors/log.h"
#include "detector/doors/sample.h"
#include "detector/doors/tell.h"
#include "runtime/inspect/session.h"
#include "runtime/os/os.h"

#include <errno.h>
#include <string.h>
#include <sys/syscall.h>
#include <unistd.h>

bool gr__doors_ready;

static void on_race(gr__actor *self, const gr__conflict_side *now, const gr__conflict_side *earlier) {
    gr__own++;
    int saved = errno;
    gr__finding_race(self, now, earlier);
    errno = saved;
    gr__own--;
}

static const gr__finding_world world = {
    .stack_place = gr__stack_place,
    .in_turn = gr__stack_in_turn,
    .actor_name = gr__name_of,
    .begin = gr__tell_begin,
    .put = gr__session_put,
    .end = gr__tell_end,
};

/* Without the shadow nothing can be checked, and that must never look like success. */
_Noreturn static void give_up(int error) {
    static const char words[] = "gorace: no room for the detector's memory: ";
    const char *why = strerrordesc_np(error);
    const char *mend = error == EEXIST
        ? ": the program lies where it must be: limit the stack (ulimit -s 8192)\n"
        : ": lift the limit of the address space (ulimit -v unlimited)\n";
    ssize_t told = syscall(SYS_write, 2, words, sizeof words - 1);
    told = syscall(SYS_write, 2, why, strlen(why));
    told = syscall(SYS_write, 2, mend, strlen(mend));
    (void)told;
    gr__os_exit(125);
}

static void begin_main_thread(void) {
    uintptr_t low, high;
    gr__me = gr__actor_root(GR__ACTOR_THREAD, 0);
    gr__os_stack(&low, &high);
    gr__stack_claim(low, high, gr__me->id);
    gr__thread_main();
}

void gr__doors_init(void) {
    if (gr__doors_ready) return;
    gr__own++;
    gr__interceptors_init();
    gr__options_init();
    gr__engine_hooks hooks = {.race = on_race, .out = gr__signals_let_in};
    gr__log_open(&hooks);
    int error = gr__engine_init(&hooks);
    if (error) give_up(error);
    gr__extent_open();
    gr__doors_locks_init();
    gr__interceptors_init_cxx();
    gr__session_init();
    gr__finding_init(&world);
    gr__tell_init();
    gr__stacks_init();
    begin_main_thread();
    gr__anatomy_tell();
    gr__exit_init();
    gr__fork_init();
    gr__sample_init();
    gr__own--;
    gr__doors_ready = true;
}

static void before_constructors(int argc, char **argv, char **environment) {
    (void)argc;
    (void)argv;
    if (!environ) environ = environment; /* libc sets it later, to the same */
    gr__doors_init();
}

__attribute__((section(".preinit_array"), used)) static void (*const first)(int, char **, char **) =
    before_constructors;
