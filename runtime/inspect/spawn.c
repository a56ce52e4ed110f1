/* spawn.c - see spawn.h. The caller holds the session's lock, which guards the stacks below.
 *
 * The reporter is a child's child, so that the program gets no child it does not know of; neither
 * sends SIGCHLD. Both share our memory until the reporter is executed (CLONE_VM, CLONE_VFORK), so a
 * program of any size starts it at once. */
#include "runtime/inspect/spawn.h"

#include "runtime/base/fault.h"

#include <errno.h>
#include <fcntl.h>
#include <sched.h>
#include <stdlib.h>
#include <string.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <unistd.h>

enum { STACK = 32 * 1024 };
static char child_stack[STACK] __attribute__((aligned(16)));
static char reporter_stack[STACK] __attribute__((aligned(16)));
static char digits[16];
static char *arguments[] = {"gorace", "__report", digits, NULL};
static int descriptor;

static void try(const char *path) {
    if (path && *path) syscall(SYS_execve, path, arguments, environ);
}

static void try_all_of_path(const char *list) {
    char path[4096];
    while (list && *list) {
        size_t n = 0;
        while (list[n] && list[n] != ':') n++;
        if (n && n < sizeof path - sizeof "/gorace") {
            memcpy(path, list, n);
            memcpy(path + n, "/gorace", sizeof "/gorace");
            try(path);
        }
        list += n + (list[n] == ':');
    }
}

static int reporter(void *nothing) {
    (void)nothing;
    syscall(SYS_fcntl, descriptor, F_SETFD, 0);
    try(getenv("GORACE_TOOL"));
    try(GORACE_TOOL_BUILD);
    try(GORACE_TOOL_INSTALLED);
    try_all_of_path(getenv("PATH"));
    syscall(SYS_exit, 127);
    return 0;
}

static int child(void *nothing) {
    clone(reporter, reporter_stack + STACK, CLONE_VM | CLONE_VFORK, nothing);
    syscall(SYS_exit, 0);
    return 0;
}

void gr__spawn_reporter(int fd) {
    if (gr__fault(GR__FAULT_CLONE)) return;
    int saved = errno, at = sizeof digits - 1;
    descriptor = fd;
    char text[sizeof digits];
    text[at] = 0;
    for (int n = fd; n || at == sizeof digits - 1; n /= 10) text[--at] = (char)('0' + n % 10);
    memcpy(digits, text + at, sizeof digits - (size_t)at);
    int pid = clone(child, child_stack + STACK, CLONE_VM | CLONE_VFORK, NULL);
    if (pid > 0) syscall(SYS_wait4, pid, NULL, __WALL, NULL);
    errno = saved;
}
