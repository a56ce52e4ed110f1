/* pthread_once.c - pthread_once, C11's call_once, and C++'s guards of static variables. Any thread. */
#include "detector/doors/interpose.h"
#include "detector/doors/locks.h"
#include "detector/doors/waits.h"

#pragma GCC diagnostic ignored "-Wmissing-prototypes"

/* What the real function shall call on this thread. Calls for different objects nest. */
typedef struct call {
    struct call *outer;
    const volatile void *once;
    void (*function)(void);
    uintptr_t pc;
} call;
static __thread call *current;

static void run(void) {
    call *c = current;
    gr__lock_taken(GR__LOCK_PTHREAD_ONCE, c->once, 0, c->pc);
    c->function();
    if (gr__me != &gr__nobody) gr__held_give(gr__me, (uintptr_t)c->once);
    GR__SYNC_FROM(PTHREAD_ONCE, c->once, c->pc);
}

/* glibc keeps there whether somebody is at it (1) or it is done (2). */
static uint64_t wait_begin(const int *once, uintptr_t pc) {
    return (GR__LOAD_RELAXED(once) & 3) == 1 ? gr__wait_begin(GR__WAIT_PTHREAD_ONCE, once, pc) : 0;
}

GR__EXPORT int pthread_once(pthread_once_t *once, void (*function)(void)) {
    if (!gr__seen()) return REAL(pthread_once)(once, function);
    call c = {current, once, function, PLACE};
    current = &c;
    uint64_t wait = wait_begin(once, c.pc);
    int status = REAL(pthread_once)(once, run);
    gr__wait_end(wait);
    current = c.outer;
    if (!status) GR__SYNC_TO(PTHREAD_ONCE, once, c.pc);
    return status;
}

GR__EXPORT void call_once(once_flag *once, void (*function)(void)) {
    if (!gr__seen()) {
        REAL(call_once)(once, function);
        return;
    }
    call c = {current, once, function, PLACE};
    current = &c;
    uint64_t wait = wait_begin((const int *)(const void *)once, c.pc);
    REAL(call_once)(once, run);
    gr__wait_end(wait);
    current = c.outer;
    GR__SYNC_TO(PTHREAD_ONCE, once, c.pc);
}

/* There is no real one when the C++ library is linked in statically: then this is its place. The first
 * byte says that it is done, as the compiler tests it; the second that somebody is at it. */
static int plain_acquire(char *guard) {
    for (;;) {
        char free = 0;
        if (GR__LOAD(&guard[0])) return 0;
        if (GR__CAS(&guard[1], &free, 1)) return 1;
        sched_yield();
    }
}

GR__EXPORT int __cxa_guard_acquire(int64_t *guard) {
    int to_do = REAL(__cxa_guard_acquire) ? REAL(__cxa_guard_acquire)(guard)
                                          : plain_acquire((char *)guard);
    GR__SYNC_TO(PTHREAD_ONCE, guard, PLACE); /* also after a constructor that threw */
    return to_do;
}
GR__EXPORT void __cxa_guard_abort(int64_t *guard) {
    GR__SYNC_FROM(PTHREAD_ONCE, guard, PLACE);
    if (REAL(__cxa_guard_abort)) REAL(__cxa_guard_abort)(guard);
    else GR__STORE(&((char *)guard)[1], 0);
}
GR__EXPORT void __cxa_guard_release(int64_t *guard) {
    GR__SYNC_FROM(PTHREAD_ONCE, guard, PLACE);
    if (REAL(__cxa_guard_release)) {
        REAL(__cxa_guard_release)(guard);
        return;
    }
    GR__STORE(&((char *)guard)[0], 1);
    GR__STORE(&((char *)guard)[1], 0);
}
