/* fault.h - makes the kernel refuse, for tests: $GORACE_FAULT=KIND:N lets the N-th request of that
 * kind fail, KIND:N+ that one and all after it. What was refused is told on stderr. Asked just before
 * the system call, by whoever makes it; costs one load where nothing is to fail. Any thread. */
#ifndef GR_RUNTIME_BASE_FAULT_H
#define GR_RUNTIME_BASE_FAULT_H

#include "runtime/base/base.h"

enum gr__fault_kind {
    GR__FAULT_MMAP,     /* address space, memory */
    GR__FAULT_MADVISE,  /* the guard of a stack, by advice; by protection */
    GR__FAULT_CLONE,    /* threads, the reporter's process */
    GR__FAULT_EPOLL,    /* epoll and event descriptors */
    GR__FAULT_KINDS
};

extern bool gr__fault_off;      /* a: known that nothing is to fail */
bool gr__fault_slow(enum gr__fault_kind kind);

/* True: this request is to fail, as if the kernel had said ENOMEM or EAGAIN. */
static inline bool gr__fault(enum gr__fault_kind kind) {
    return GR__UNLIKELY(!GR__LOAD_RELAXED(&gr__fault_off)) && gr__fault_slow(kind);
}

#endif
