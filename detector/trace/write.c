/* write.c - the trace's writer, in the program under test.
 *
 * The file is a row of chunks. A thread takes one by counting up `chunks`, maps it and appends; the
 * count of valid bytes is stored after the bytes, so the kernel has a whole trace whenever the program
 * dies. Records have a stream of their own under a lock. System calls are made directly, so that the
 * doors' interceptors see none of them. When the disk is full the trace ends, and nothing else does.
 *
 * A thread's stream belongs to it. A signal handler may come in between: it finds `busy` set and
 * writes into the second stream of its thread, whose tickets put it right again.
 */
#include <errno.h>
#include <fcntl.h>
#include <linux/falloc.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/syscall.h>
#include <time.h>
#include <unistd.h>

#include "detector/trace/checksum.h"
#include "detector/trace/trace.h"
#include "runtime/base/base.h"

enum { HIGH_DESCRIPTOR = 901, GROW = 64 /* chunks at once */ };

typedef struct writer {
    gr__chunk_header *chunk; /* mapped; NULL: none yet */
    uint32_t thread, sequence;
    bool numbered;
} writer;

static int fd = -1;              /* constant while open */
static gr__trace_header *header; /* mapped */
static bool open_for_writing;    /* atomic */
static uint32_t chunks, threads; /* atomic: handed out */
static uint32_t room;            /* lock: chunks that the file has space for */
static uint32_t lock;
static writer records;           /* lock_records */
static uint32_t lock_records;
static __thread writer mine[2];
static __thread uint32_t busy;

static void *map(uint64_t offset, size_t size) {
    long p = syscall(SYS_mmap, NULL, size, PROT_READ | PROT_WRITE, MAP_SHARED, fd, offset);
    return p == -1 ? NULL : (void *)p;
}

/* Space on the disk, so that no store into the mapping can fail. */
static bool reserve(uint64_t size) {
    if (syscall(SYS_fallocate, fd, 0, (off_t)0, (off_t)size) == 0) return true;
    return errno == EOPNOTSUPP && syscall(SYS_ftruncate, fd, (off_t)size) == 0;
}

static uint64_t offset_of(uint32_t index) {
    return GR__TRACE_HEADER_SIZE + (uint64_t)index * GR__CHUNK_SIZE;
}

static bool make_room(uint32_t index) {
    gr__lock(&lock);
    bool ok = index < room;
    if (!ok && (ok = reserve(offset_of(index + GROW)))) room = index + GROW;
    gr__unlock(&lock);
    return ok;
}

static bool next_chunk(writer *w, uint32_t kind) {
    int saved = errno;
    if (w->chunk) syscall(SYS_munmap, w->chunk, GR__CHUNK_SIZE);
    w->chunk = NULL;
    if (!w->numbered) {
        w->thread = kind == GR__CHUNK_EVENTS ? GR__ADD(&threads, 1) - 1 : 0;
        w->numbered = true;
    }
    uint32_t index = GR__ADD(&chunks, 1) - 1;
    gr__chunk_header *c = make_room(index) ? map(offset_of(index), GR__CHUNK_SIZE) : NULL;
    if (!c) {
        GR__STORE(&open_for_writing, false);
        errno = saved;
        return false;
    }
    c->kind = kind;
    c->thread = w->thread;
    c->sequence = w->sequence++;
    c->published = 0;
    GR__STORE_RELEASE(&c->magic, GR__CHUNK_MAGIC);
    w->chunk = c;
    errno = saved;
    return true;
}

void gr__trace_event(unsigned type, unsigned arg, uint64_t address, uint32_t number, uint32_t place) {
    if (!GR__LOAD_RELAXED(&open_for_writing) || busy > 1) return;
    writer *w = &mine[busy++];
    __atomic_signal_fence(__ATOMIC_SEQ_CST);
    uint32_t used = w->chunk ? w->chunk->published : 0;
    if (!w->chunk || sizeof *w->chunk + used + sizeof(gr__event) > GR__CHUNK_SIZE) used = 0;
    if ((w->chunk && used) || next_chunk(w, GR__CHUNK_EVENTS)) {
        gr__event *at = (gr__event *)(void *)((char *)(w->chunk + 1) + used);
        *at = gr__event_make(type, arg, address, number, place);
        GR__STORE_RELEASE(&w->chunk->published, used + (uint32_t)sizeof(gr__event));
    }
    __atomic_signal_fence(__ATOMIC_SEQ_CST);
    busy--;
}

void gr__trace_records(const char *bytes, size_t length) {
    gr__lock(&lock_records);
    while (length && GR__LOAD_RELAXED(&open_for_writing)) {
        writer *w = &records;
        size_t used = w->chunk ? w->chunk->published : 0;
        size_t left = w->chunk ? GR__CHUNK_SIZE - sizeof *w->chunk - used : 0;
        if (!left) {
            if (!next_chunk(w, GR__CHUNK_RECORDS)) break;
            continue;
        }
        size_t part = length < left ? length : left;
        gr__copy((char *)(w->chunk + 1) + used, bytes, part);
        GR__STORE_RELEASE(&w->chunk->published, (uint32_t)(used + part));
        bytes += part;
        length -= part;
    }
    gr__unlock(&lock_records);
}

bool gr__trace_open(const char *path, const char *executable) {
    int saved = errno;
    int plain = (int)syscall(SYS_openat, AT_FDCWD, path, O_RDWR | O_CREAT | O_CLOEXEC, 0666);
    bool empty = plain >= 0 && syscall(SYS_lseek, plain, (off_t)0, SEEK_END) == 0;
    if (plain >= 0) {
        int high = (int)syscall(SYS_fcntl, plain, F_DUPFD_CLOEXEC, HIGH_DESCRIPTOR);
        fd = high >= 0 ? high : plain;
        if (high >= 0) syscall(SYS_close, plain);
    }
    header = empty && reserve(offset_of(0)) ? map(0, GR__TRACE_HEADER_SIZE) : NULL;
    if (header) {
        struct timespec now;
        clock_gettime(CLOCK_REALTIME, &now);
        gr__copy(header->magic, GR__TRACE_MAGIC, sizeof header->magic);
        header->version = GR__TRACE_VERSION;
        header->pid = (uint64_t)getpid();
        header->start_ns = (uint64_t)now.tv_sec * 1000000000u + (uint64_t)now.tv_nsec;
        header->pointer_bits = 64;
        size_t length = strlen(executable);
        if (length >= sizeof header->executable) length = sizeof header->executable - 1;
        gr__copy(header->executable, executable, length);
        header->checksum = gr__trace_checksum(header);
        GR__STORE(&open_for_writing, true);
    } else if (fd >= 0) { /* what is in the file stays */
        syscall(SYS_close, fd);
        fd = -1;
    }
    errno = saved;
    return header != NULL;
}

void gr__trace_thread_end(void) {
    int saved = errno;
    for (unsigned i = 0; i < 2; i++) {
        if (mine[i].chunk) syscall(SYS_munmap, mine[i].chunk, GR__CHUNK_SIZE);
        mine[i].chunk = NULL;
    }
    errno = saved;
}

void gr__trace_complete(void) {
    if (!GR__LOAD(&open_for_writing)) return; /* a trace that was cut is not complete */
    __atomic_fetch_or(&header->flags, GR__TRACE_COMPLETE, __ATOMIC_SEQ_CST);
}

void gr__trace_forked(void) {
    if (fd < 0) return;
    int saved = errno;
    open_for_writing = false;
    syscall(SYS_close, fd);
    fd = -1;
    errno = saved;
}
