/* stop.h - all threads of the program stand still for a moment, while one looks at its memory.
 * Doors only.
 *
 * Who calls something that may wait says so first (WAITS): from then on its stack stays as it is,
 * and it can't come back while the others stand. So nobody is sent a signal in such a call, and no
 * call of the program is cut short by EINTR. Who runs gets a signal, and stands in its handler.
 * Where that is not safe, or not heard, not all can be stopped, and whoever wanted that does
 * without.
 */
#ifndef GR_DETECTOR_DOORS_STOP_H
#define GR_DETECTOR_DOORS_STOP_H

#include "detector/doors/doors.h"

/* A thread as the others see it. Its own to write while it runs, constant while all stand. */
typedef struct gr__stander {
    int tid;             /* a: 0: nobody's */
    uintptr_t sp;        /* a: it stands: its stack is in use from here; 0: it runs */
    uintptr_t low, high; /* of more memory that holds its registers; empty */
} gr__stander;

/* This thread's; NULL until it has one, or when there are too many threads. */
extern __thread gr__stander *gr__stander_here;
gr__stander *gr__stander_make(void);
void gr__stander_end(void); /* this thread ends */

/* Bits: a stop is on; no goroutine that is parked may go on any more. */
enum { GR__WORLD_STOPS = 1, GR__WORLD_FROZEN = 2 };
extern uint32_t gr__world; /* a: 0: all is as ever */
/* Stand here until it is 0. */
void gr__world_wait(void);

typedef struct gr__rest {
    gr__stander *who;
    uintptr_t outer;
} gr__rest;
void gr__rest_again(gr__rest *r, uintptr_t sp);

GR__INLINE gr__rest gr__rest_begin(uintptr_t sp) {
    gr__stander *s = gr__stander_here;
    if (GR__UNLIKELY(!s)) s = gr__stander_make();
    gr__rest r = {s, s ? s->sp : 0};
    if (!s) return r;
    GR__STORE_RELAXED(&s->sp, sp);
    __atomic_signal_fence(__ATOMIC_SEQ_CST); /* who stops makes all processors look (membarrier) */
    if (GR__UNLIKELY(GR__LOAD_RELAXED(&gr__world) & GR__WORLD_STOPS)) gr__rest_again(&r, sp);
    return r;
}
GR__INLINE void gr__rest_end(gr__rest *r) {
    if (!r->who) return;
    uintptr_t sp = GR__LOAD_RELAXED(&r->who->sp);
    GR__STORE_RELEASE(&r->who->sp, r->outer);
    __atomic_signal_fence(__ATOMIC_SEQ_CST);
    if (GR__UNLIKELY(GR__LOAD_RELAXED(&gr__world) & GR__WORLD_STOPS)) gr__rest_again(r, sp);
}

#if defined(__x86_64__)
#define GR__SP_HERE(sp) __asm__ volatile("movq %%rsp, %0" : "=r"(sp))
#else
#define GR__SP_HERE(sp) __asm__ volatile("mov %0, sp" : "=r"(sp))
#endif

/* WAITS(REAL(read)(...)): the value of a call of libc that may wait. All registers that a call
 * keeps are in the frame of who says it. Files that use it are compiled with -fexceptions: a
 * cancelled wait ends the rest too. */
#define WAITS(call)                                                                          \
    ({                                                                                       \
        uintptr_t sp_;                                                                       \
        __builtin_unwind_init();                                                             \
        GR__SP_HERE(sp_);                                                                    \
        __attribute__((cleanup(gr__rest_end), unused)) gr__rest rest_ = gr__rest_begin(sp_); \
        call;                                                                                \
    })

/* A thread begins: from now on it is known. */
void gr__stop_gate(void);

/* A handler of the program begins on a thread that may rest: it runs meanwhile. */
static inline uintptr_t gr__rest_interrupted(void) {
    gr__stander *s = gr__stander_here;
    uintptr_t sp = s ? s->sp : 0;
    if (!sp) return 0;
    gr__rest r = {s, 0};
    gr__rest_end(&r);
    return sp;
}
static inline void gr__rest_resumed(uintptr_t sp) {
    if (sp) gr__rest_begin(sp);
}

/* hooks->out, when this thread was to stop while it was in the engine. */
void gr__stop_let_in(void);

/* Stop all others, once nobody else does; false: not all could be stopped within `patience_ns`, and
 * they go on. */
bool gr__stop_begin(uint64_t patience_ns);
void gr__stop_end(void);
/* Each that stands. The caller is none of them. */
void gr__stop_each(void (*visit)(const gr__stander *s, void *argument), void *argument);
void gr__stop_forked(void);

#endif
