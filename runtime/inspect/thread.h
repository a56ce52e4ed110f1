/* thread.h - a thread that stands in a call which waits, as the detector's doors know it; for dumps. */
#ifndef GR_RUNTIME_INSPECT_THREAD_H
#define GR_RUNTIME_INSPECT_THREAD_H

#include <stddef.h>
#include <stdint.h>

enum { GR__THREAD_FRAMES = 64 };

typedef struct gr__thread_view {
    uint64_t number, creator;   /* as printed; the creator's actor */
    const char *name;           /* NULL: none */
    unsigned wait;              /* wait.def */
    const void *object;
    uint64_t since_ns;
    size_t stack_count, created_count;
    uint64_t stack[GR__THREAD_FRAMES], created[GR__THREAD_FRAMES]; /* innermost first; the first is exact */
} gr__thread_view;

#endif
