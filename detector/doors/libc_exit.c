/* libc_exit.c - handlers of the end, which come after whoever registered them, and calls that end the
 * program without its exit work. Any thread. A registration is constant once it is made. */
#include "detector/doors/interpose.h"
#include "detector/doors/reach.h"

#include <sys/syscall.h>

#pragma GCC diagnostic ignored "-Wmissing-prototypes"

/* One for each handler until it runs: its address is the object of the edge. */
typedef struct registration {
    gr__root root; /* the argument is the program's */
    void (*handler)(void *);
    void (*with_status)(int, void *);
    void *argument;
    uintptr_t pc;
} registration;

static registration *registered(uintptr_t pc) {
    registration *r = gr__seen() ? gr__alloc(sizeof *r) : NULL;
    if (!r) return NULL;
    r->pc = pc;
    gr__root_add(&r->root);
    GR__SYNC_FROM(EXIT_HANDLER, r, pc);
    return r;
}
static int kept(registration *r, int failed) {
    if (failed) {
        gr__root_remove(&r->root);
        gr__free(r, sizeof *r);
    }
    return failed;
}
/* A handler runs once: what is known of it goes before. */
static registration taken(void *argument) {
    registration r = *(registration *)argument;
    GR__SYNC_TO(EXIT_HANDLER, argument, r.pc);
    gr__object_fresh(argument, sizeof r);
    gr__root_remove(&((registration *)argument)->root);
    gr__free(argument, sizeof r);
    return r;
}
static void run(void *argument) {
    registration r = taken(argument);
    r.handler(r.argument);
}
static void run_with_status(int status, void *argument) {
    registration r = taken(argument);
    r.with_status(status, r.argument);
}

/* atexit of every program and library calls it, and so do constructors of C++'s static objects. */
GR__EXPORT int __cxa_atexit(void (*handler)(void *), void *argument, void *library) {
    registration *r = registered(PLACE);
    if (!r) return REAL(__cxa_atexit)(handler, argument, library);
    r->handler = handler;
    r->argument = r->root.pointer = argument;
    return kept(r, REAL(__cxa_atexit)(run, r, library));
}
GR__EXPORT int on_exit(void (*handler)(int, void *), void *argument) {
    registration *r = registered(PLACE);
    if (!r) return REAL(on_exit)(handler, argument);
    r->with_status = handler;
    r->argument = r->root.pointer = argument;
    return kept(r, REAL(on_exit)(run_with_status, r));
}

/* Handlers of a quick exit get no argument that could tell them apart: they all come after all who
 * registered one. */
static char quick;
GR__EXPORT int __cxa_at_quick_exit(void (*handler)(void), void *library) {
    GR__SYNC_FROM(EXIT_HANDLER, &quick, PLACE);
    return REAL(__cxa_at_quick_exit)(handler, library);
}
GR__EXPORT _Noreturn void quick_exit(int status) {
    gr__exit_from = (uintptr_t)__builtin_frame_address(0);
    GR__SYNC_TO(EXIT_HANDLER, &quick, PLACE);
    REAL(quick_exit)(status);
    __builtin_unreachable();
}

GR__EXPORT _Noreturn void exit(int status) {
    gr__exit_from = (uintptr_t)__builtin_frame_address(0);
    REAL(exit)(status);
    __builtin_unreachable();
}

/* Not in the child of a vfork: it ends, the program does not. */
static int checked(int status) {
    return syscall(SYS_getpid) == gr__process ? gr__exit_check(status) : status;
}

GR__EXPORT _Noreturn void _exit(int status) {
    gr__exit_from = (uintptr_t)__builtin_frame_address(0);
    REAL(_exit)(checked(status));
    __builtin_unreachable();
}
GR__EXPORT _Noreturn void _Exit(int status) {
    gr__exit_from = (uintptr_t)__builtin_frame_address(0);
    REAL(_Exit)(checked(status));
    __builtin_unreachable();
}
