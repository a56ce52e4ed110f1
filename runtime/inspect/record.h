/* record.h - build and read records (record.def). Used by the runtime (goroutine dumps), the doors
 * (findings), the trace and the command line. No allocation: the writer fills a caller's buffer.
 *
 * From record.def come, per record: a struct `gr__rec_<name>`, `gr__put_<name>(buffer, &rec)` and
 * `gr__get_<name>(bytes, length, &rec)`. Strings and stacks in a read record point into the bytes.
 */
#ifndef GR_RUNTIME_INSPECT_RECORD_H
#define GR_RUNTIME_INSPECT_RECORD_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#define GR__RECORD_VERSION 1

enum gr__record_actor_kind { GR__RECORD_GOROUTINE = 1, GR__RECORD_THREAD = 2, GR__RECORD_FIBER = 3 };
/* Of a thread that is no goroutine, where only the kernel's number is known: the actor's id is that, and this. */
#define GR__ACTOR_THREAD (UINT64_C(1) << 48)
enum gr__record_actor_state { GR__STATE_RUNNING = 1, GR__STATE_RUNNABLE, GR__STATE_WAITING, GR__STATE_FINISHED };
enum gr__record_location_kind { GR__LOCATION_UNKNOWN, GR__LOCATION_GLOBAL, GR__LOCATION_HEAP,
                                GR__LOCATION_STACK, GR__LOCATION_TLS, GR__LOCATION_CHANNEL,
                                GR__LOCATION_MAPPING };
enum gr__record_channel_state { GR__CHANNEL_NIL, GR__CHANNEL_OPEN, GR__CHANNEL_CLOSED, GR__CHANNEL_UNKNOWN };
/* Who else can get at something: not known; nobody; nobody, since its users have ended; only actors that wait for
 * ever themselves. */
enum gr__record_reach { GR__REACH_UNKNOWN = 0, GR__REACH_NOBODY = 1, GR__REACH_ENDED = 2, GR__REACH_STUCK = 3 };
enum gr__record_access_flags { GR__RECORD_WRITE = 1, GR__RECORD_ATOMIC = 2, GR__RECORD_FREE = 4,
                               GR__RECORD_CHANNEL = 8, GR__RECORD_VPTR = 16,
                               GR__RECORD_GROUP = 24 /* both: of a wait group */ };
enum gr__record_lock_flags { GR__RECORD_LOCK_READ = 1, GR__RECORD_LOCK_TRY = 2 };

typedef struct gr__string { const char *text; uint32_t length; } gr__string;
/* May be unaligned when read: use gr__stack_pc. */
typedef struct gr__stack_pcs { const uint64_t *pcs; uint32_t count; } gr__stack_pcs;

typedef struct gr__record_buffer { char *bytes; size_t length, capacity; bool full; } gr__record_buffer;

static inline void gr__put_bytes(gr__record_buffer *b, const void *from, size_t n) {
    if (b->full || n > b->capacity - b->length) { b->full = true; return; }
    if (n) memcpy(b->bytes + b->length, from, n);
    b->length += n;
}
static inline void gr__put_u32(gr__record_buffer *b, uint32_t v) { gr__put_bytes(b, &v, sizeof v); }
static inline void gr__put_u64(gr__record_buffer *b, uint64_t v) { gr__put_bytes(b, &v, sizeof v); }
static inline uint64_t gr__stack_pc(gr__stack_pcs s, uint32_t i) {
    uint64_t v; memcpy(&v, (const char *)s.pcs + 8u * (size_t)i, 8); return v;
}
static inline gr__string gr__string_of(const char *text) {
    gr__string s = {text ? text : "", text ? (uint32_t)strlen(text) : 0}; return s;
}

/* ids */
#define RECORD(id, NAME, name, fields) GR__RECORD_##NAME = id,
enum gr__record_id {
#include "runtime/vocab/record.def"
};
#undef RECORD

/* structs */
#define U64(field) uint64_t field;
#define STR(field) gr__string field;
#define STACK(field) gr__stack_pcs field;
#define RECORD(id, NAME, name, fields) typedef struct gr__rec_##name { fields } gr__rec_##name;
#include "runtime/vocab/record.def"
#undef RECORD
#undef U64
#undef STR
#undef STACK

/* writers */
#define U64(field) gr__put_u64(b, r->field);
#define STR(field) gr__put_u32(b, r->field.length); gr__put_bytes(b, r->field.text, r->field.length);
#define STACK(field) gr__put_u32(b, r->field.count); gr__put_bytes(b, r->field.pcs, 8u * (size_t)r->field.count);
#define RECORD(id, NAME, name, fields)                                                        \
    static inline bool gr__put_##name(gr__record_buffer *b, const gr__rec_##name *r) {        \
        size_t start = b->length;                                                             \
        gr__put_u32(b, id);                                                                   \
        gr__put_u32(b, 0);                                                                    \
        fields                                                                                \
        if (b->full) { b->length = start; return false; }                                     \
        uint32_t n = (uint32_t)(b->length - start - 8);                                       \
        memcpy(b->bytes + start + 4, &n, 4);                                                  \
        return true;                                                                          \
    }
#include "runtime/vocab/record.def"
#undef RECORD
#undef U64
#undef STR
#undef STACK

/* readers: false when the bytes are too short; bytes beyond the known fields are ignored */
typedef struct gr__record_cursor { const char *at, *end; } gr__record_cursor;
static inline bool gr__get_bytes(gr__record_cursor *c, void *to, size_t n) {
    if ((size_t)(c->end - c->at) < n) return false;
    memcpy(to, c->at, n); c->at += n; return true;
}
static inline bool gr__get_string(gr__record_cursor *c, gr__string *s) {
    uint32_t n;
    if (!gr__get_bytes(c, &n, 4) || (size_t)(c->end - c->at) < n) return false;
    s->text = c->at; s->length = n; c->at += n; return true;
}
static inline bool gr__get_stack(gr__record_cursor *c, gr__stack_pcs *s) {
    uint32_t n;
    if (!gr__get_bytes(c, &n, 4) || (size_t)(c->end - c->at) / 8 < n) return false;
    s->pcs = (const uint64_t *)(const void *)c->at; s->count = n; c->at += 8u * (size_t)n; return true;
}
#define U64(field) && gr__get_bytes(&c, &r->field, 8)
#define STR(field) && gr__get_string(&c, &r->field)
#define STACK(field) && gr__get_stack(&c, &r->field)
#define RECORD(id, NAME, name, fields)                                                        \
    static inline bool gr__get_##name(const char *bytes, size_t length, gr__rec_##name *r) {  \
        gr__record_cursor c = {bytes, bytes + length};                                        \
        return true fields;                                                                   \
    }
#include "runtime/vocab/record.def"
#undef RECORD
#undef U64
#undef STR
#undef STACK

#endif
