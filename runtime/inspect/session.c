/* session.c - see session.h.
 *
 * A socket of whole messages (SOCK_SEQPACKET) leads to the reporter. One lock, held from begin to end
 * with all signals blocked, guards everything here; the loader's lock comes before it, because the
 * list of modules is read in between (modules.h). System calls are made directly: the detector's
 * interceptors must not see them. The descriptor is checked before use, since programs close what they
 * do not know. */
#include "runtime/inspect/session.h"

#include "runtime/base/base.h"
#include "runtime/hook/hook.h"
#include "runtime/inspect/modules.h"
#include "runtime/inspect/raw.h"
#include "runtime/inspect/record.h"
#include "runtime/inspect/spawn.h"

#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <stdlib.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <unistd.h>

enum { HIGH_DESCRIPTOR = 900, SIGNAL_SET = 8, MESSAGE = 48 * 1024 };
enum where { NOT_YET, REPORTER, RAW, CLOSED };

void (*gr__session_tap)(const char *records, size_t length);

static uint32_t lock;
static enum where where;        /* lock */
static int fd = -1;             /* lock */
static struct stat identity;    /* lock: of the socket */
static bool has_parent;         /* lock to write: the reporter is gorace run */
static bool ready;              /* constant after init */
static uint64_t findings;       /* a */
static uint64_t mask;           /* lock: signals blocked before begin */

static void block_signals(uint64_t *before) {
    uint64_t all = ~(uint64_t)0;
    syscall(SYS_rt_sigprocmask, SIG_SETMASK, &all, before, SIGNAL_SET);
}
static void restore_signals(uint64_t before) {
    syscall(SYS_rt_sigprocmask, SIG_SETMASK, &before, NULL, SIGNAL_SET);
}

static bool still_ours(void) {
    struct stat now;
    return fd >= 0 && fstat(fd, &now) == 0 && now.st_dev == identity.st_dev &&
           now.st_ino == identity.st_ino;
}

static void drop(void) {
    if (still_ours()) syscall(SYS_close, fd);
    fd = -1;
    where = RAW;
}

/* Messages have a size that a socket takes in one piece; records are not split. */
static void send_some(const char *bytes, size_t length) {
    for (;;) {
        long n = syscall(SYS_sendto, fd, bytes, length, MSG_NOSIGNAL, NULL, 0);
        if (n >= 0) return;
        if (errno == EINTR) continue;
        drop();
        return;
    }
}

static void put(const char *records, size_t length) {
    if (gr__session_tap) gr__session_tap(records, length);
    if (where == REPORTER && !still_ours()) drop();
    while (length && where == REPORTER) {
        size_t part = 0;
        while (length - part >= 8) {
            uint32_t n;
            memcpy(&n, records + part + 4, 4);
            if (part && part + 8 + n > MESSAGE) break;
            part += 8 + (size_t)n;
        }
        if (!part || part > length) return;
        send_some(records, part);
        if (where != REPORTER) break;
        records += part;
        length -= part;
    }
    if (where == RAW) gr__raw_print(records, length);
}

static void put_hello(void) {
    char path[4096], bytes[4400];
    long n = syscall(SYS_readlinkat, AT_FDCWD, "/proc/self/exe", path, sizeof path);
    gr__rec_hello h = {.version = GR__RECORD_VERSION, .pid = (uint64_t)getpid(),
                       .parent_pid = (uint64_t)getppid(),
                       .executable = {path, n > 0 ? (uint32_t)n : 0}};
    gr__record_buffer b = {bytes, 0, sizeof bytes, false};
    gr__put_hello(&b, &h);
    put(bytes, b.length);
}

static void adopt(int descriptor) {
    int high = (int)syscall(SYS_fcntl, descriptor, F_DUPFD_CLOEXEC, HIGH_DESCRIPTOR);
    if (high >= 0) {
        syscall(SYS_close, descriptor);
        descriptor = high;
    }
    fd = descriptor;
    where = fstat(fd, &identity) == 0 ? REPORTER : RAW;
}

/* A reporter of our own, at the first finding. */
static void find_reporter(void) {
    int pair[2];
    where = RAW;
    if (syscall(SYS_socketpair, AF_UNIX, SOCK_SEQPACKET | SOCK_CLOEXEC, 0, pair) != 0) return;
    gr__spawn_reporter(pair[1]);
    syscall(SYS_close, pair[1]);
    adopt(pair[0]);
    char nothing; /* a reporter that did not start has closed its end */
    if (syscall(SYS_recvfrom, fd, &nothing, 1, MSG_DONTWAIT | MSG_PEEK, NULL, NULL) == 0) drop();
    else put_hello();
}

static void take_turn(void) { gr__lock(&lock); }

/* Take the lock, and tell of modules; then the way is open. */
static void open_way(void) {
    uint64_t before;
    block_signals(&before);
    gr__modules_tell(take_turn, put);
    mask = before;
}

static int number(const char *text) {
    int n = 0;
    if (!*text) return -1;
    for (; *text; text++) {
        if (*text < '0' || *text > '9' || n > 1 << 20) return -1;
        n = n * 10 + (*text - '0');
    }
    return n;
}

void gr__session_init(void) {
    int saved = errno;
    gr__hook_own_begin();
    gr__lock(&lock);
    bool was = ready;
    ready = true;
    if (!was) {
        const char *text = getenv("GORACE_SESSION");
        int given = text && strncmp(text, "fd:", 3) == 0 ? number(text + 3) : -1;
        if (given >= 0 && fstat(given, &identity) == 0 && S_ISSOCK(identity.st_mode)) {
            fd = given;
            syscall(SYS_fcntl, fd, F_SETFD, FD_CLOEXEC);
            where = REPORTER;
            has_parent = true;
        }
        if (text) unsetenv("GORACE_SESSION");
        if (has_parent || gr__session_tap) put_hello();
    }
    gr__unlock(&lock);
    if (!was && (has_parent || gr__session_tap)) { /* a program that is killed tells no more */
        open_way();
        uint64_t before = mask;
        gr__unlock(&lock);
        restore_signals(before);
    }
    gr__hook_own_end();
    errno = saved;
}

void gr__session_begin(void) {
    int saved = errno;
    gr__hook_own_begin();
    GR__ADD(&findings, 1);
    uint64_t before;
    block_signals(&before);
    gr__lock(&lock);
    if (where == REPORTER && !still_ours()) { /* closed by the program: we need another */
        where = NOT_YET;
        has_parent = false;
    }
    if (where == NOT_YET) {
        find_reporter();
        gr__modules_forget();
    }
    gr__unlock(&lock);
    open_way();
    mask = before;
    errno = saved;
}

void gr__session_put(const char *records, size_t length) {
    int saved = errno;
    put(records, length);
    errno = saved;
}

bool gr__session_end(void) {
    int saved = errno;
    bool told = true;
    while (where == REPORTER && still_ours()) {
        char answer;
        long n = syscall(SYS_recvfrom, fd, &answer, 1, 0, NULL, NULL);
        if (n < 0 && errno == EINTR) continue;
        if (n <= 0) drop();
        else told = answer != GR__ANSWER_LEFT_OUT;
        break;
    }
    if (!told) GR__ADD(&findings, -1);
    uint64_t before = mask;
    gr__unlock(&lock);
    gr__hook_own_end();
    restore_signals(before);
    errno = saved;
    return told;
}

void gr__session_tell(const char *records, size_t length) {
    int saved = errno;
    gr__lock(&lock);
    if (where == REPORTER || gr__session_tap) put(records, length);
    gr__unlock(&lock);
    errno = saved;
}

bool gr__session_has_parent(void) { return has_parent; }
uint64_t gr__session_findings(void) { return GR__LOAD(&findings); }

/* Wait until a reporter of ours has printed everything: then its end closes too. */
static void wait_for_end(void) {
    char nothing;
    long n;
    syscall(SYS_shutdown, fd, SHUT_WR);
    do n = syscall(SYS_recvfrom, fd, &nothing, 1, 0, NULL, NULL);
    while (n > 0 || (n < 0 && errno == EINTR));
}

void gr__session_close(void) {
    int saved = errno;
    gr__lock(&lock);
    if (where == REPORTER && still_ours()) {
        if (!has_parent) wait_for_end();
        syscall(SYS_close, fd);
    }
    fd = -1;
    where = CLOSED;
    gr__unlock(&lock);
    errno = saved;
}

void gr__session_forked(void) {
    lock = 0;
    findings = 0;
    has_parent = false;
    if (still_ours()) syscall(SYS_close, fd);
    fd = -1;
    where = NOT_YET;
    gr__modules_forget();
}
