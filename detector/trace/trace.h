/* trace.h - front door of the trace: file format, writer (in the program under test), reader and
 * replay (in gorace).
 *
 * A trace is a 4096-byte header and then chunks of GR__CHUNK_SIZE bytes. Each OS thread appends to
 * a chunk of its own; `published` is stored (release) after the bytes it counts. While the program
 * runs the file is sparse and mapped; `gorace record` compacts it afterwards into the packed form:
 * the same header with GR__TRACE_PACKED set, then zstd frames, with checksums, of the used parts of all
 * chunks, each as its chunk header and `published` bytes.
 */
#ifndef GR_DETECTOR_TRACE_H
#define GR_DETECTOR_TRACE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#define GR__TRACE_MAGIC "GORACETR"
#define GR__TRACE_VERSION 1u
#define GR__TRACE_HEADER_SIZE 4096u
#define GR__CHUNK_SIZE (64u * 1024u)
#define GR__CHUNK_MAGIC 0x4b4e4843u /* "CHNK" */
enum { GR__TRACE_PACKED = 1, GR__TRACE_COMPLETE = 2 /* the program came to its end */ };
enum { GR__CHUNK_EVENTS = 1, GR__CHUNK_RECORDS = 2 };

typedef struct gr__trace_header {
    char magic[8];
    uint32_t version, flags;       /* flags: atomic while the program runs */
    uint64_t pid, start_ns;        /* start: CLOCK_REALTIME */
    uint64_t pointer_bits;         /* 64 */
    char executable[1024];
    uint64_t checksum;             /* FNV-1a 64 of the bytes before it, flags taken as 0 */
} gr__trace_header;

typedef struct gr__chunk_header {
    uint32_t magic, kind;
    uint32_t thread, sequence;     /* thread: number of the stream; sequence: 0, 1, ... within it and kind */
    uint32_t published;            /* atomic: bytes valid after this header */
    uint32_t reserved[3];
} gr__chunk_header;

typedef struct gr__event { uint64_t a, b; } gr__event;

#define EVENT(id, NAME, name, ordered, arg, address, number, place) GR__EVENT_##NAME = id,
enum gr__event_type {
#include "runtime/vocab/event.def"
    GR__EVENT_TYPES_END
};
#undef EVENT

static inline gr__event gr__event_make(unsigned type, unsigned arg, uint64_t address,
                                       uint32_t number, uint32_t place) {
    gr__event e = {(uint64_t)type << 56 | (uint64_t)(arg & 255u) << 48 | (address & 0xffffffffffffu),
                   (uint64_t)number << 32 | place};
    return e;
}
static inline unsigned gr__event_type(gr__event e) { return (unsigned)(e.a >> 56); }
static inline unsigned gr__event_arg(gr__event e) { return (unsigned)(e.a >> 48) & 255u; }
static inline uint64_t gr__event_address(gr__event e) { return e.a & 0xffffffffffffu; }
static inline uint32_t gr__event_number(gr__event e) { return (uint32_t)(e.b >> 32); }
static inline uint32_t gr__event_place(gr__event e) { return (uint32_t)e.b; }

/* --- writer (write.c; in the program) --- */
/* True when GORACE_TRACE named a file and it could be mapped. */
bool gr__trace_open(const char *path, const char *executable);
void gr__trace_event(unsigned type, unsigned arg, uint64_t address, uint32_t number, uint32_t place);
void gr__trace_records(const char *records, size_t length);
/* The calling thread's chunk is not needed any more. */
void gr__trace_thread_end(void);
void gr__trace_complete(void);
/* In the child of a fork: the trace is the parent's. */
void gr__trace_forked(void);

/* --- reader (read.c; in gorace) --- */
typedef struct gr__trace gr__trace;
/* NULL and a sentence in *error (static or in the trace's own buffer) when it can't be read. Plain and
 * packed ones. A cut file is opened; gr__trace_cut then says at which byte. */
gr__trace *gr__trace_read(const char *path, const char **error);
const gr__trace_header *gr__trace_header_of(const gr__trace *trace);
bool gr__trace_cut(const gr__trace *trace, uint64_t *at);
uint32_t gr__trace_threads(const gr__trace *trace);
/* The stream of one thread as events, chunk after chunk: false at its end. cursor starts zeroed. */
typedef struct gr__trace_cursor { uint32_t thread, chunk, offset; } gr__trace_cursor;
bool gr__trace_next(const gr__trace *trace, gr__trace_cursor *cursor, gr__event *out);
/* Whole records in file order. */
typedef void (*gr__trace_record)(uint32_t id, const char *bytes, size_t length, void *argument);
void gr__trace_each_record(const gr__trace *trace, gr__trace_record visit, void *argument);
void gr__trace_free(gr__trace *trace);

/* Write what is in the plain trace `from` into a packed one, `to`, a new file; in gorace (pack.c). False
 * and a sentence in *error: there is no `to` then. */
bool gr__trace_pack(const char *from, const char *to, const char **error);

/* --- replay (replay.c; in gorace) --- */
/* Drive the engine with all of the trace; races go to sink as whole records of finding groups.
 * Memory grows with live objects. 0, or an errno when there is no room for the engine. */
int gr__trace_replay(const gr__trace *trace, void (*sink)(const char *records, size_t length, void *argument),
                          void *argument);
/* Visit all events in replay order, without the engine (dump). actor: who does it. */
void gr__trace_merge(const gr__trace *trace,
                     void (*visit)(uint32_t thread, uint64_t actor, gr__event event, void *argument),
                     void *argument);

#endif
