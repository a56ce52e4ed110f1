/* read.c - opens a trace, plain or packed, and hands out its chunks. In gorace only; a trace belongs
 * to one thread.
 *
 * Nothing in the file is believed: sizes are held against what is there, and what can't be a chunk
 * ends the trace. A plain file that a program left when it was killed has room for chunks that were
 * never used; those are skipped.
 */
#include "detector/trace/trace.h"

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/stat.h>
#include <unistd.h>
#include <zstd.h>

#include "detector/trace/checksum.h"

#define THREADS_MAX (1u << 20)

typedef struct chunk { const char *bytes; uint32_t length, sequence; } chunk;
typedef struct stream { chunk *chunks; uint32_t count; } stream;

struct gr__trace {
    gr__trace_header header;
    char *bytes;          /* chunks as they follow each other */
    size_t length, mapped; /* mapped: size of the mapping, 0: bytes are malloc's */
    stream *streams;
    uint32_t threads;
    chunk *records;       /* in file order */
    uint32_t record_chunks;
    bool cut;
    uint64_t cut_at;
    size_t offset;        /* of the first chunk in bytes */
};

static char sentence[4300];

static gr__trace *refuse(gr__trace *trace, const char **error, const char *path, const char *why) {
    snprintf(sentence, sizeof sentence, "can't read the trace %.4000s: %s", path, why);
    *error = sentence;
    gr__trace_free(trace);
    return NULL;
}

static bool add_chunk(chunk **array, uint32_t *count, chunk c) {
    chunk *bigger = *array;
    if (!(*count & (*count - 1))) {
        bigger = realloc(*array, (*count ? 2u * *count : 1u) * sizeof *bigger);
        if (!bigger) return false;
    }
    *array = bigger;
    bigger[(*count)++] = c;
    return true;
}

static bool take(gr__trace *t, const gr__chunk_header *h, const char *bytes) {
    chunk c = {bytes, h->published, h->sequence};
    if (h->kind == GR__CHUNK_RECORDS) return add_chunk(&t->records, &t->record_chunks, c);
    if (h->kind != GR__CHUNK_EVENTS || h->thread >= THREADS_MAX) return false;
    if (h->thread >= t->threads) {
        stream *bigger = realloc(t->streams, (h->thread + 1u) * sizeof *bigger);
        if (!bigger) return false;
        memset(bigger + t->threads, 0, (h->thread + 1u - t->threads) * sizeof *bigger);
        t->streams = bigger;
        t->threads = h->thread + 1u;
    }
    stream *s = &t->streams[h->thread];
    return add_chunk(&s->chunks, &s->count, c);
}

static void cut(gr__trace *t, size_t at) {
    if (t->cut) return;
    t->cut = true;
    t->cut_at = GR__TRACE_HEADER_SIZE + at;
}

/* Chunks of GR__CHUNK_SIZE, or in a packed trace of what they hold. */
static void find_chunks(gr__trace *t) {
    bool packed = t->header.flags & GR__TRACE_PACKED;
    size_t at = t->offset;
    while (at < t->length) {
        size_t left = t->length - at;
        gr__chunk_header h;
        if (left < sizeof h) {
            cut(t, at - t->offset);
            return;
        }
        memcpy(&h, t->bytes + at, sizeof h);
        if (!packed && !h.magic) { /* made room for, never begun */
            at += left < GR__CHUNK_SIZE ? left : GR__CHUNK_SIZE;
            continue;
        }
        if (h.magic != GR__CHUNK_MAGIC || h.published > GR__CHUNK_SIZE - sizeof h) {
            cut(t, at - t->offset);
            return;
        }
        if (h.published > left - sizeof h) {
            h.published = (uint32_t)(left - sizeof h);
            cut(t, t->length - t->offset);
        }
        if (!take(t, &h, t->bytes + at + sizeof h)) {
            cut(t, at - t->offset);
            return;
        }
        at += packed ? sizeof h + h.published : GR__CHUNK_SIZE;
    }
}

static int by_sequence(const void *a, const void *b) {
    const chunk *x = a, *y = b;
    return x->sequence < y->sequence ? -1 : x->sequence > y->sequence;
}

/* Frame after frame of the file's rest. What a damaged frame held is not taken; of one that the file ends
 * in, what is there. */
static bool unpack(gr__trace *t, const char *from, size_t length) {
    ZSTD_DStream *z = ZSTD_createDStream();
    ZSTD_inBuffer in = {from, length, 0};
    size_t room = 0, used = 0, state = 0, frame = 0; /* frame: where in the file it begins */
    bool ok = z != NULL;
    while (ok && !ZSTD_isError(state) && (in.pos < in.size || used == room)) {
        if (used == room) {
            char *bigger = realloc(t->bytes, room = room ? 2 * room : 1u << 20);
            if (!(ok = bigger)) break;
            t->bytes = bigger;
        }
        ZSTD_outBuffer out = {t->bytes, room, used};
        size_t before = in.pos;
        state = ZSTD_decompressStream(z, &out, &in);
        if (!ZSTD_isError(state) && in.pos == before && out.pos == used) break;
        used = out.pos;
        if (state) continue;
        t->length = used;
        frame = in.pos;
    }
    ZSTD_freeDStream(z);
    if (ZSTD_isError(state)) cut(t, frame);
    else if (state) {
        t->length = used;
        cut(t, length);
    }
    return ok;
}

static const char *check_header(const gr__trace_header *h) {
    if (memcmp(h->magic, GR__TRACE_MAGIC, sizeof h->magic) != 0) return "it is not a trace of gorace";
    if (h->version != GR__TRACE_VERSION) return "it comes from another version of gorace: record it again";
    if (h->checksum != gr__trace_checksum(h)) return "its header is damaged";
    if (h->pointer_bits != 64) return "it comes from a machine of another kind";
    return NULL;
}

gr__trace *gr__trace_read(const char *path, const char **error) {
    gr__trace *t = calloc(1, sizeof *t);
    int fd = open(path, O_RDONLY | O_CLOEXEC);
    struct stat about;
    if (!t || fd < 0 || fstat(fd, &about) != 0) {
        const char *why = strerror(errno);
        if (fd >= 0) close(fd);
        return refuse(t, error, path, why);
    }
    if (!S_ISREG(about.st_mode) || about.st_size == 0) {
        close(fd);
        return refuse(t, error, path, S_ISREG(about.st_mode) ? "it is empty" : "it is not a file");
    }
    size_t size = (size_t)about.st_size;
    char *all = mmap(NULL, size, PROT_READ, MAP_PRIVATE, fd, 0);
    int why = errno;
    close(fd);
    if (all == MAP_FAILED) return refuse(t, error, path, strerror(why));
    t->bytes = all;
    t->length = t->mapped = size;
    if (size < sizeof t->header || memcmp(all, GR__TRACE_MAGIC, 8) != 0)
        return refuse(t, error, path, size < 8 || memcmp(all, GR__TRACE_MAGIC, 8) != 0
                                          ? "it is not a trace of gorace" : "its header is cut off");
    memcpy(&t->header, all, sizeof t->header);
    const char *wrong = check_header(&t->header);
    if (wrong) return refuse(t, error, path, wrong);
    t->header.executable[sizeof t->header.executable - 1] = 0;
    t->offset = GR__TRACE_HEADER_SIZE;
    if (size < GR__TRACE_HEADER_SIZE) cut(t, 0);
    if (t->header.flags & GR__TRACE_PACKED) {
        t->bytes = NULL;
        t->length = t->mapped = t->offset = 0;
        bool ok = size <= GR__TRACE_HEADER_SIZE ||
                  unpack(t, all + GR__TRACE_HEADER_SIZE, size - GR__TRACE_HEADER_SIZE);
        if (size <= GR__TRACE_HEADER_SIZE) cut(t, 0);
        munmap(all, size);
        if (!ok) return refuse(t, error, path, "out of memory");
    }
    find_chunks(t);
    for (uint32_t i = 0; i < t->threads; i++)
        if (t->streams[i].count)
            qsort(t->streams[i].chunks, t->streams[i].count, sizeof(chunk), by_sequence);
    if (t->record_chunks) qsort(t->records, t->record_chunks, sizeof(chunk), by_sequence);
    return t;
}

const gr__trace_header *gr__trace_header_of(const gr__trace *trace) { return &trace->header; }
uint32_t gr__trace_threads(const gr__trace *trace) { return trace->threads; }

bool gr__trace_cut(const gr__trace *trace, uint64_t *at) {
    *at = trace->cut_at;
    return trace->cut;
}

bool gr__trace_next(const gr__trace *trace, gr__trace_cursor *cursor, gr__event *out) {
    if (cursor->thread >= trace->threads) return false;
    const stream *s = &trace->streams[cursor->thread];
    while (cursor->chunk < s->count) {
        const chunk *c = &s->chunks[cursor->chunk];
        if (cursor->offset + sizeof *out <= c->length) {
            memcpy(out, c->bytes + cursor->offset, sizeof *out);
            cursor->offset += sizeof *out;
            return true;
        }
        cursor->chunk++;
        cursor->offset = 0;
    }
    return false;
}

/* Records run on from chunk to chunk. */
void gr__trace_each_record(const gr__trace *trace, gr__trace_record visit, void *argument) {
    size_t length = 0, at = 0;
    for (uint32_t i = 0; i < trace->record_chunks; i++) length += trace->records[i].length;
    char *all = malloc(length + 1);
    if (!all) return;
    for (uint32_t i = 0; i < trace->record_chunks; i++) {
        memcpy(all + at, trace->records[i].bytes, trace->records[i].length);
        at += trace->records[i].length;
    }
    for (at = 0; length - at >= 8;) {
        uint32_t id, n;
        memcpy(&id, all + at, 4);
        memcpy(&n, all + at + 4, 4);
        if (n > length - at - 8) break;
        visit(id, all + at + 8, n, argument);
        at += 8 + (size_t)n;
    }
    free(all);
}

void gr__trace_free(gr__trace *trace) {
    if (!trace) return;
    for (uint32_t i = 0; i < trace->threads; i++) free(trace->streams[i].chunks);
    free(trace->streams);
    free(trace->records);
    if (trace->mapped) munmap(trace->bytes, trace->mapped);
    else free(trace->bytes);
    free(trace);
}
