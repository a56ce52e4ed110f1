/* replay_merge.c - one order of all events from the threads' streams. In gorace only; no shared
 * state.
 *
 * A heap holds the streams by the ticket of their next ordered event; what is not ordered goes out
 * as soon as it heads its stream, SIZE together with the event it speaks of. A gap in the tickets
 * is no matter: the next one is the smallest there is (tickets wrap, so smaller means "less than
 * half the range before").
 */
#include "detector/trace/trace.h"

#include <stdlib.h>

typedef struct stream {
    gr__trace_cursor cursor;
    gr__event next, size;
    bool sized;
    uint64_t actor;
} stream;

typedef struct merge {
    const gr__trace *trace;
    void (*visit)(uint32_t thread, uint64_t actor, gr__event event, void *argument);
    void *argument;
    stream *streams;
    uint32_t *heap, count;
} merge;

static bool ordered(unsigned type) {
    switch (type) {
#define EVENT(id, NAME, name, is_ordered, arg, address, number, place) case id: return is_ordered;
#include "runtime/vocab/event.def"
#undef EVENT
    default: return false;
    }
}

static bool exists(unsigned type) {
    switch (type) {
#define EVENT(id, NAME, name, is_ordered, arg, address, number, place) case id:
#include "runtime/vocab/event.def"
#undef EVENT
        return true;
    default: return false;
    }
}

static void emit(merge *m, uint32_t thread, gr__event e) {
    stream *s = &m->streams[thread];
    if (gr__event_type(e) == GR__EVENT_SWITCH) s->actor = gr__event_address(e);
    if (s->sized) m->visit(thread, s->actor, s->size, m->argument);
    s->sized = false;
    m->visit(thread, s->actor, e, m->argument);
}

/* Let out what is not ordered; true when an ordered event heads the stream then. */
static bool advance(merge *m, uint32_t thread) {
    stream *s = &m->streams[thread];
    while (gr__trace_next(m->trace, &s->cursor, &s->next)) {
        unsigned type = gr__event_type(s->next);
        if (ordered(type)) return true;
        if (!exists(type)) continue; /* bytes that were never events */
        if (type == GR__EVENT_SIZE) {
            s->size = s->next;
            s->sized = true;
        } else emit(m, thread, s->next);
    }
    return false;
}

static bool before(const merge *m, uint32_t a, uint32_t b) {
    return (int32_t)(gr__event_number(m->streams[a].next) - gr__event_number(m->streams[b].next)) < 0;
}

static void sink(merge *m, uint32_t i) {
    for (;;) {
        uint32_t child = 2 * i + 1, held = m->heap[i];
        if (child >= m->count) return;
        if (child + 1 < m->count && before(m, m->heap[child + 1], m->heap[child])) child++;
        if (!before(m, m->heap[child], held)) return;
        m->heap[i] = m->heap[child];
        m->heap[child] = held;
        i = child;
    }
}

void gr__trace_merge(const gr__trace *trace,
                     void (*visit)(uint32_t thread, uint64_t actor, gr__event event, void *argument),
                     void *argument) {
    uint32_t threads = gr__trace_threads(trace);
    merge m = {trace, visit, argument, calloc(threads + 1u, sizeof(stream)),
               calloc(threads + 1u, sizeof(uint32_t)), 0};
    if (m.streams && m.heap) {
        for (uint32_t i = 0; i < threads; i++) {
            m.streams[i].cursor.thread = i;
            if (advance(&m, i)) m.heap[m.count++] = i;
        }
        for (uint32_t i = m.count; i-- > 0;) sink(&m, i);
        while (m.count) {
            uint32_t thread = m.heap[0];
            emit(&m, thread, m.streams[thread].next);
            if (!advance(&m, thread)) m.heap[0] = m.heap[--m.count];
            sink(&m, 0);
        }
    }
    free(m.streams);
    free(m.heap);
}
