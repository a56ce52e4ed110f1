/* reach_memory.c - see reach.h: mappings, pages and what the kernel keeps, from /proc/self. All
 * threads but this one stand still: no lock is taken here, and no libc called that takes one. */
#include "detector/doors/reach.h"

#include "runtime/base/base.h"
#include "runtime/base/proc.h"

#include <errno.h>
#include <fcntl.h>
#include <string.h>
#include <sys/ioctl.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <unistd.h>

enum { TEXT = 64 * 1024 };

static char text_of_lines[TEXT]; /* whose who stops the others */

/* --- mappings --- */

typedef struct regions {
    gr__region *list;
    size_t count, room;
} regions;
enum { FIRST_ROOM = 4096 };

static bool more_room(regions *r) {
    size_t room = r->room ? 4 * r->room : FIRST_ROOM;
    gr__region *list = gr__pages(room * sizeof *list);
    if (!list) return false;
    for (size_t i = 0; i < r->count; i++) list[i] = r->list[i];
    if (r->list) gr__pages_free(r->list, r->room * sizeof *list);
    r->list = list;
    r->room = room;
    return true;
}

static const char *word_after(const char *at, int blanks) {
    while (blanks--) {
        while (*at && *at != ' ') at++;
        while (*at == ' ') at++;
    }
    return at;
}

/* 55d0c8a00000-55d0c8a21000 rw-p 00000000 00:00 0    [heap] */
static bool maps_line(const char *text, void *argument) {
    regions *r = argument;
    const char *at = text;
    gr__region one = {.low = gr__proc_number(&at, 16)};
    at++;
    one.high = gr__proc_number(&at, 16);
    const char *rights = at + 1, *name = word_after(text, 5);
    bool file = *word_after(text, 4) != '0';
    one.readable = rights[0] == 'r';
    one.clean = file && rights[1] != 'w' && rights[3] == 'p';
    const char *base = strrchr(name, '/');
    one.libc = base && (strncmp(base, "/libc.so", 8) == 0 || strncmp(base, "/libc-2", 7) == 0);
    if (strncmp(name, "[v", 2) == 0) return true; /* the kernel's own */
    if (r->count == r->room && !more_room(r)) return false;
    r->list[r->count++] = one;
    return true;
}

gr__region *gr__regions_read(size_t *count, size_t *room) {
    regions r = {NULL, 0, 0};
    bool good = gr__proc_lines("/proc/self/maps", text_of_lines, TEXT, maps_line, &r);
    *count = good ? r.count : 0;
    *room = r.room;
    if (!good && r.list) gr__pages_free(r.list, r.room * sizeof *r.list);
    return good ? r.list : NULL;
}

/* --- pages --- */

struct scan_page_region {
    uint64_t start, end, categories;
};
struct scan_pages { /* Linux 6.7: struct pm_scan_arg */
    uint64_t size, flags, start, end, walk_end, vec, vec_len, max_pages, inverted, mask, any_of,
        wanted;
};
#define SCAN_PAGES _IOWR('f', 16, struct scan_pages)
enum { IS_FILE = 4, IS_PRESENT = 8, IS_SWAPPED = 16, SOME = 256 };
#define ENTRY_PRESENT ((uint64_t)1 << 63)
#define ENTRY_SWAPPED ((uint64_t)1 << 62)
#define ENTRY_FILE    ((uint64_t)1 << 61)

static int pagemap = -1;
static bool no_scan;

static bool scan_pages(uintptr_t low, uintptr_t high, bool clean,
                       void (*visit)(uintptr_t low, uintptr_t high, void *argument),
                       void *argument) {
    struct scan_page_region found[SOME];
    while (low < high) {
        struct scan_pages s = {.size = sizeof s,
                               .start = low,
                               .end = high,
                               .vec = (uintptr_t)found,
                               .vec_len = SOME,
                               .inverted = clean ? IS_FILE : 0,
                               .mask = clean ? IS_FILE : 0,
                               .any_of = IS_PRESENT | IS_SWAPPED,
                               .wanted = IS_PRESENT | IS_SWAPPED};
        long n = syscall(SYS_ioctl, pagemap, SCAN_PAGES, &s);
        if (n < 0) return false;
        for (long i = 0; i < n; i++) visit(found[i].start, found[i].end, argument);
        if (s.walk_end <= low) return false;
        low = s.walk_end;
    }
    return true;
}

static bool read_pagemap(uintptr_t low, uintptr_t high, bool clean,
                         void (*visit)(uintptr_t low, uintptr_t high, void *argument),
                         void *argument) {
    uint64_t entries[1024];
    while (low < high) {
        size_t pages = (high - low) / GR__PAGE;
        if (pages > sizeof entries / sizeof entries[0]) pages = sizeof entries / sizeof entries[0];
        long got = syscall(SYS_pread64, pagemap, entries, pages * 8, low / GR__PAGE * 8);
        if (got < (long)(pages * 8)) return false;
        for (size_t i = 0, end; i < pages; i = end) {
            for (end = i; end < pages && (entries[end] & (ENTRY_PRESENT | ENTRY_SWAPPED)) &&
                          !(clean && entries[end] & ENTRY_FILE);)
                end++;
            if (end > i)
                visit(low + i * GR__PAGE, low + end * GR__PAGE, argument);
            else
                end++;
        }
        low += pages * GR__PAGE;
    }
    return true;
}

bool gr__pages_present(uintptr_t low, uintptr_t high, bool clean,
                       void (*visit)(uintptr_t low, uintptr_t high, void *argument),
                       void *argument) {
    low &= ~(uintptr_t)(GR__PAGE - 1);
    high = (high + GR__PAGE - 1) & ~(uintptr_t)(GR__PAGE - 1);
    if (pagemap < 0)
        pagemap = (int)syscall(SYS_openat, AT_FDCWD, "/proc/self/pagemap", O_RDONLY | O_CLOEXEC, 0);
    if (pagemap < 0) return false;
    if (!no_scan && scan_pages(low, high, clean, visit, argument)) return true;
    no_scan = true; /* what was visited is visited again, which does no harm */
    return read_pagemap(low, high, clean, visit, argument);
}

void gr__pages_present_end(void) {
    if (pagemap >= 0) syscall(SYS_close, pagemap);
    pagemap = -1;
}

/* --- what the kernel keeps --- */

typedef struct words {
    void (*visit)(uintptr_t word, void *argument);
    void *argument;
} words;

/* tfd:       12 events:       19 data:     7f31c4a01010  pos:0 ino:... */
static bool epoll_line(const char *text, void *argument) {
    const words *w = argument;
    const char *at = strstr(text, " data:");
    if (!at) return true;
    at += strlen(" data:");
    w->visit(gr__proc_number(&at, 16), w->argument);
    return true;
}

/* signal: 10/00007f31c4a01010 */
static bool timers_line(const char *text, void *argument) {
    const words *w = argument;
    const char *at = strncmp(text, "signal: ", 8) == 0 ? strchr(text, '/') : NULL;
    if (!at) return true;
    at++;
    w->visit(gr__proc_number(&at, 16), w->argument);
    return true;
}

/* May bytes of the program's own wait in it? What waits on standard input came from others; of a
 * pipe the end that is read counts. */
static bool holds_words(int fd) {
    int n = 0;
    if (fd == STDIN_FILENO || (syscall(SYS_fcntl, fd, F_GETFL) & O_ACCMODE) == O_WRONLY)
        return false;
    return syscall(SYS_ioctl, fd, FIONREAD, &n) == 0 && n >= (int)sizeof(uintptr_t);
}

static bool is_local_socket(int fd) {
    int domain = 0;
    socklen_t size = sizeof domain;
    return syscall(SYS_getsockopt, fd, SOL_SOCKET, SO_DOMAIN, &domain, &size) != 0 ||
           domain == AF_UNIX;
}

static bool look_at_descriptor(int fd, void *argument) {
    char path[GR__PROC_PATH], target[64];
    gr__proc_path(path, GR__PROC_DESCRIPTORS, fd, "");
    long length = syscall(SYS_readlinkat, AT_FDCWD, path, target, sizeof target - 1);
    if (length <= 0) return true;
    target[length] = 0;
    if (strstr(target, "[io_uring]")) return false;
    if (strncmp(target, "pipe:", 5) == 0) return !holds_words(fd);
    if (strncmp(target, "socket:", 7) == 0) return !is_local_socket(fd) || !holds_words(fd);
    if (!strstr(target, "[eventpoll]")) {
        struct stat s;
        return target[0] != '/' || syscall(SYS_fstat, fd, &s) != 0 || !S_ISFIFO(s.st_mode) ||
               !holds_words(fd);
    }
    gr__proc_path(path, "/proc/self/fdinfo/", fd, "");
    return gr__proc_lines(path, text_of_lines, TEXT, epoll_line, argument);
}

bool gr__kernel_words(void (*visit)(uintptr_t word, void *argument), void *argument) {
    words w = {visit, argument};
    gr__proc_lines("/proc/self/timers", text_of_lines, TEXT, timers_line, &w); /* some kernels have none */
    return gr__proc_numbers(GR__PROC_DESCRIPTORS, look_at_descriptor, &w);
}
