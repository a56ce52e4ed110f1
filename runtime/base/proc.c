/* proc.c - see proc.h. */
#include "runtime/base/proc.h"

#include <errno.h>
#include <fcntl.h>
#include <sys/syscall.h>
#include <unistd.h>

void gr__proc_path(char path[GR__PROC_PATH], const char *folder, int number, const char *file) {
    char digits[16];
    size_t n = 0, at = sizeof digits;
    while (*folder) path[n++] = *folder++;
    do digits[--at] = (char)('0' + number % 10);
    while (number /= 10);
    while (at < sizeof digits) path[n++] = digits[at++];
    do path[n++] = *file;
    while (*file++);
}

size_t gr__proc_read(const char *path, char *text, size_t room) {
    int saved = errno;
    size_t used = 0;
    long fd = syscall(SYS_openat, AT_FDCWD, path, O_RDONLY | O_CLOEXEC, 0);
    for (long n; fd >= 0 && used < room - 1 && (n = syscall(SYS_read, fd, text + used, room - 1 - used)) > 0;)
        used += (size_t)n;
    if (fd >= 0) syscall(SYS_close, fd);
    text[used] = 0;
    errno = saved;
    return used;
}

bool gr__proc_lines(const char *path, char *text, size_t room, bool (*line)(const char *text, void *argument),
                    void *argument) {
    int saved = errno;
    size_t used = 0;
    long fd = syscall(SYS_openat, AT_FDCWD, path, O_RDONLY | O_CLOEXEC, 0);
    bool good = fd >= 0;
    for (long n; good && (n = syscall(SYS_read, fd, text + used, room - used)) > 0;) {
        size_t begin = 0, end = used;
        used += (size_t)n;
        for (; good && end < used; end++) {
            if (text[end] != '\n') continue;
            text[end] = 0;
            good = line(text + begin, argument);
            begin = end + 1;
        }
        for (size_t i = begin; i < used; i++) text[i - begin] = text[i];
        used -= begin;
        if (used == room) good = false;
    }
    if (fd >= 0) syscall(SYS_close, fd);
    errno = saved;
    return good;
}

bool gr__proc_numbers(const char *folder, bool (*visit)(int number, void *argument), void *argument) {
    struct entry {
        uint64_t inode, offset;
        unsigned short length;
        unsigned char type;
        char name[];
    };
    char entries[2048] __attribute__((aligned(8)));
    int saved = errno;
    long fd = syscall(SYS_openat, AT_FDCWD, folder, O_RDONLY | O_DIRECTORY | O_CLOEXEC, 0);
    bool good = fd >= 0;
    for (long n; good && (n = syscall(SYS_getdents64, fd, entries, sizeof entries)) > 0;) {
        for (long at = 0; good && at < n;) {
            const struct entry *e = (const void *)(entries + at);
            const char *name = e->name;
            at += e->length;
            if (*name >= '0' && *name <= '9') good = visit((int)gr__proc_number(&name, 10), argument);
        }
    }
    if (fd >= 0) syscall(SYS_close, fd);
    errno = saved;
    return good;
}

uint64_t gr__proc_number(const char **at, unsigned base) {
    uint64_t n = 0;
    while (**at == ' ' || **at == '\t') ++*at;
    if (base == 16 && **at == '0' && (*at)[1] == 'x') *at += 2;
    for (;; ++*at) {
        unsigned digit = (unsigned char)**at;
        digit = digit >= 'a' ? digit - 'a' + 10 : digit - '0';
        if (digit >= base) return n;
        n = n * base + digit;
    }
}

const char *gr__proc_field(const char *text, const char *word) {
    for (const char *line = text; *line;) {
        size_t n = 0;
        while (word[n] && line[n] == word[n]) n++;
        if (!word[n]) {
            for (line += n; *line == ' ' || *line == '\t'; line++) {}
            return line;
        }
        while (*line && *line != '\n') line++;
        if (*line) line++;
    }
    return NULL;
}

uint64_t gr__proc_field_number(const char *text, const char *word, unsigned base) {
    const char *at = gr__proc_field(text, word);
    return at ? gr__proc_number(&at, base) : 0;
}

bool gr__proc_task_listens(int tid, int signal) {
    char path[GR__PROC_PATH], text[4096];
    gr__proc_path(path, GR__PROC_TASKS, tid, "/status");
    return gr__proc_read(path, text, sizeof text) && gr__proc_field(text, "SigBlk:") &&
           !(gr__proc_field_number(text, "SigBlk:", 16) >> (signal - 1) & 1);
}
