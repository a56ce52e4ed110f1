/* fault.c - see fault.h. The environment is read at the first request; who comes meanwhile reads it
 * too, and finds the same. */
#include "runtime/base/fault.h"

#include <errno.h>
#include <stdlib.h>
#include <sys/syscall.h>
#include <unistd.h>

static const char *const names[GR__FAULT_KINDS] = {
    [GR__FAULT_MMAP] = "mmap",
    [GR__FAULT_MADVISE] = "madvise",
    [GR__FAULT_CLONE] = "clone",
    [GR__FAULT_EPOLL] = "epoll",
};

bool gr__fault_off;
static uint32_t requests[GR__FAULT_KINDS];      /* a */

static bool same_word(const char *text, const char *name) {
    for (; *name; text++, name++)
        if (*text != *name) return false;
    return *text == ':';
}

static void tell(const char *text) {
    long n = syscall(SYS_write, 2, "gorace: fault: ", 15);
    size_t length = 0;
    while (text[length]) length++;
    if (n > 0) n = syscall(SYS_write, 2, text, length);
    if (n > 0) n = syscall(SYS_write, 2, "\n", 1);
    (void)n;
}

bool gr__fault_slow(enum gr__fault_kind kind) {
    const char *text = secure_getenv("GORACE_FAULT");
    if (!text) {
        GR__STORE_RELAXED(&gr__fault_off, true);
        return false;
    }
    if (!same_word(text, names[kind])) return false;
    const char *at = text;
    uint32_t wanted = 0;
    while (*at != ':') at++;
    for (at++; *at >= '0' && *at <= '9'; at++) wanted = wanted * 10 + (uint32_t)(*at - '0');
    uint32_t now = GR__ADD(&requests[kind], 1);
    if (now != wanted && !(*at == '+' && now > wanted)) return false;
    if (now == wanted) {
        int saved = errno;
        tell(text);
        errno = saved;
    }
    return true;
}
