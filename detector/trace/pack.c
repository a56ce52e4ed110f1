/* pack.c - a plain trace, as a program leaves it, to a packed one (trace.h). In gorace only. */
#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/stat.h>
#include <unistd.h>
#include <zstd.h>

#include "detector/trace/trace.h"

/* A frame is whole or it is not believed, so frames are small: FRAME chunks. */
enum { LEVEL = 3, FRAME = 16 };

typedef struct packer {
    FILE *out;
    ZSTD_CStream *stream;
    char *buffer;
    size_t room;
    bool failed;
} packer;

static void compress(packer *p, const void *bytes, size_t length, ZSTD_EndDirective how) {
    ZSTD_inBuffer in = {bytes, length, 0};
    size_t left = 1;
    while (!p->failed && (in.pos < in.size || (how == ZSTD_e_end && left))) {
        ZSTD_outBuffer out = {p->buffer, p->room, 0};
        left = ZSTD_compressStream2(p->stream, &out, &in, how);
        p->failed = ZSTD_isError(left) || fwrite(p->buffer, 1, out.pos, p->out) != out.pos;
    }
}

static void pack_chunks(packer *p, const char *bytes, size_t size) {
    unsigned packed = 0;
    for (size_t at = GR__TRACE_HEADER_SIZE; at < size; at += GR__CHUNK_SIZE) {
        gr__chunk_header h;
        if (size - at < sizeof h) break;
        memcpy(&h, bytes + at, sizeof h);
        if (!h.magic) continue;
        size_t left = size - at - sizeof h;
        if (h.magic != GR__CHUNK_MAGIC || h.published > GR__CHUNK_SIZE - sizeof h) break;
        if (h.published > left) h.published = (uint32_t)left;
        compress(p, &h, sizeof h, ZSTD_e_continue);
        compress(p, bytes + at + sizeof h, h.published, ZSTD_e_continue);
        if (++packed % FRAME == 0) compress(p, NULL, 0, ZSTD_e_end);
    }
    if (packed % FRAME) compress(p, NULL, 0, ZSTD_e_end);
}

static bool pack(const char *bytes, size_t size, FILE *out) {
    packer p = {out, ZSTD_createCStream(), NULL, ZSTD_CStreamOutSize(), false};
    p.buffer = malloc(p.room);
    char header[GR__TRACE_HEADER_SIZE];
    memcpy(header, bytes, sizeof header);
    gr__trace_header *h = (gr__trace_header *)(void *)header;
    h->flags |= GR__TRACE_PACKED;
    p.failed = !p.stream || !p.buffer || fwrite(header, sizeof header, 1, out) != 1;
    if (!p.failed) {
        ZSTD_CCtx_setParameter(p.stream, ZSTD_c_compressionLevel, LEVEL);
        ZSTD_CCtx_setParameter(p.stream, ZSTD_c_checksumFlag, 1);
        pack_chunks(&p, bytes, size);
    }
    ZSTD_freeCStream(p.stream);
    free(p.buffer);
    return !p.failed;
}

bool gr__trace_pack(const char *from, const char *to, const char **error) {
    static char sentence[4300];
    struct stat about;
    int in = open(from, O_RDONLY | O_CLOEXEC);
    char *bytes = MAP_FAILED;
    if (in >= 0 && fstat(in, &about) == 0 && about.st_size >= (off_t)GR__TRACE_HEADER_SIZE)
        bytes = mmap(NULL, (size_t)about.st_size, PROT_READ, MAP_PRIVATE, in, 0);
    if (in >= 0) close(in);
    if (bytes == MAP_FAILED) {
        snprintf(sentence, sizeof sentence, "the program wrote no trace to %.4000s", from);
        *error = sentence;
        return false;
    }
    int fd = open(to, O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, 0666);
    FILE *out = fd >= 0 ? fdopen(fd, "w") : NULL;
    bool ok = out && pack(bytes, (size_t)about.st_size, out);
    if (out && fclose(out) != 0) ok = false;
    if (!ok) {
        snprintf(sentence, sizeof sentence, "can't write %.4000s: %s", to, strerror(errno));
        *error = sentence;
        if (fd >= 0) unlink(to);
    }
    munmap(bytes, (size_t)about.st_size);
    return ok;
}
