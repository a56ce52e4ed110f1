/* image_live.c - a running process as an image.
 *
 * It is stopped by ptrace's SEIZE and INTERRUPT, which it does not notice: no signal is sent, its parent is
 * not told, and if we die the kernel lets it go on. A signal that was on its way when a thread stopped is
 * handed back. System calls that the stop ended too early, and that the kernel does not begin again by
 * itself (epoll_wait, semop, sigtimedwait ...), are begun again here. */
#include "cli/image.h"

#include "cli/cli.h"

#include <ctype.h>
#include <dirent.h>
#include <elf.h>
#include <errno.h>
#include <fcntl.h>
#include <inttypes.h>
#include <limits.h>
#include <pwd.h>
#include <sched.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/ptrace.h>
#include <sys/stat.h>
#include <sys/uio.h>
#include <sys/user.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

enum { PIECES_AT_ONCE = 512, ROUNDS = 100, LOOKS = 1000, MOST_THREADS = 1 << 17 };
#define PATIENCE_NS UINT64_C(500000000) /* until a thread that does not stop is left alone */
#define LOOK_NS 20000

enum standing { SEIZED = 1, STANDS };
typedef struct stop {
    int tid;
    enum standing standing;
    int signal;                 /* to be handed back */
} stop;

typedef struct image_live {
    uint64_t via;               /* a thread that lives: the first one may have ended before the others */
    int memory;                 /* /proc/PID/mem; -1 */
    bool by_file;               /* process_vm_readv is forbidden */
    stop *stops;
    size_t count;
    sigset_t before;            /* what we blocked ourselves, until we blocked more */
    uint64_t since;
} image_live;

static uint64_t now(void) {
    struct timespec t;
    clock_gettime(CLOCK_MONOTONIC, &t);
    return (uint64_t)t.tv_sec * 1000000000u + (uint64_t)t.tv_nsec;
}

/* --- memory --- */

static size_t read_by_file(const image_live *live, uint64_t from, void *to, size_t n) {
    size_t got = 0;
    while (got < n) {
        ssize_t more = pread(live->memory, (char *)to + got, n - got, (off_t)(from + got));
        if (more <= 0) break;
        got += (size_t)more;
    }
    return got;
}

static size_t live_read(image *im, uint64_t from, void *to, size_t n) {
    image_live *live = im->live;
    if (!live->by_file) {
        struct iovec local = {to, n}, remote = {(void *)(uintptr_t)from, n};
        ssize_t got = process_vm_readv((pid_t)live->via, &local, 1, &remote, 1, 0);
        if (got >= 0) return (size_t)got;
        if (errno != ENOSYS && errno != EPERM) return 0;
        live->by_file = true;
    }
    return read_by_file(live, from, to, n);
}

static void read_one_by_one(image *im, image_piece *pieces, size_t count) {
    for (size_t i = 0; i < count; i++) pieces[i].done = image_read_all(im, pieces[i].from, pieces[i].to, pieces[i].n);
}

static void read_some(image *im, image_piece *pieces, size_t count) {
    struct iovec local[PIECES_AT_ONCE], remote[PIECES_AT_ONCE];
    size_t all = 0;
    for (size_t i = 0; i < count; i++) {
        local[i] = (struct iovec){pieces[i].to, pieces[i].n};
        remote[i] = (struct iovec){(void *)(uintptr_t)pieces[i].from, pieces[i].n};
        all += pieces[i].n;
    }
    ssize_t got = process_vm_readv((pid_t)im->live->via, local, count, remote, count, 0);
    if (got < 0 || (size_t)got != all) {
        read_one_by_one(im, pieces, count);
        return;
    }
    for (size_t i = 0; i < count; i++) pieces[i].done = true;
}

void image_read_pieces(image *im, image_piece *pieces, size_t count) {
    if (!im->live || im->live->by_file) {
        read_one_by_one(im, pieces, count);
        return;
    }
    for (size_t at = 0; at < count; at += PIECES_AT_ONCE)
        read_some(im, pieces + at, count - at < PIECES_AT_ONCE ? count - at : PIECES_AT_ONCE);
}

/* --- what /proc says --- */

static FILE *open_in(uint64_t pid, const char *name) {
    char path[128];
    snprintf(path, sizeof path, "/proc/%" PRIu64 "/%s", pid, name);
    return fopen(path, "re");
}

/* A number of /proc/PID/status; -1: no such line. */
static long status_of(uint64_t pid, const char *key) {
    FILE *in = open_in(pid, "status");
    char line[512];
    long value = -1;
    while (in && value < 0 && fgets(line, sizeof line, in))
        if (strncmp(line, key, strlen(key)) == 0 && line[strlen(key)] == ':')
            value = strtol(line + strlen(key) + 1, NULL, 10);
    if (in) fclose(in);
    return value;
}

/* Its number in the innermost of the namespaces that it is in. */
static uint64_t pid_inside(uint64_t pid) {
    FILE *in = open_in(pid, "status");
    char line[512];
    uint64_t inside = pid;
    while (in && fgets(line, sizeof line, in)) {
        if (strncmp(line, "NStgid:", 7) != 0) continue;
        for (const char *at = line + 7; *at; at += strspn(at, "0123456789")) {
            at += strspn(at, " \t\n");
            if (*at) inside = strtoull(at, NULL, 10);
        }
    }
    if (in) fclose(in);
    return inside;
}

static void name_of(uint64_t pid, char *name, size_t size) {
    FILE *in = open_in(pid, "comm");
    if (!in || !fgets(name, (int)size, in)) *name = 0;
    if (in) fclose(in);
    name[strcspn(name, "\n")] = 0;
}

static const char *user_words(long uid) {
    static char words[64];
    struct passwd *p = uid < 0 ? NULL : getpwuid((uid_t)uid);
    if (p) snprintf(words, sizeof words, "%s", p->pw_name);
    else snprintf(words, sizeof words, "user %ld", uid);
    return words;
}

static int yama(void) {
    FILE *in = fopen("/proc/sys/kernel/yama/ptrace_scope", "re");
    int scope = 0;
    if (in && fscanf(in, "%d", &scope) != 1) scope = 0;
    if (in) fclose(in);
    return scope;
}

static _Noreturn void fail_forbidden(uint64_t pid) {
    long owner = status_of(pid, "Uid");
    if (owner >= 0 && (uid_t)owner != geteuid())
        cli_fail("process %" PRIu64 " belongs to %s: ask as that user, or as root", pid, user_words(owner));
    if (yama() > 0)
        cli_fail("this kernel lets nobody look into process %" PRIu64 " but root: use sudo, or write 0 into "
                 "/proc/sys/kernel/yama/ptrace_scope, or start it by 'gorace run'", pid);
    cli_fail("process %" PRIu64 " may not be looked into: it has more rights than you, or this container "
             "lacks CAP_SYS_PTRACE", pid);
}

/* Every thread of it. */
static size_t tids_of(uint64_t pid, int **out) {
    char path[64];
    snprintf(path, sizeof path, "/proc/%" PRIu64 "/task", pid);
    DIR *folder = opendir(path);
    size_t n = 0, room = 0;
    *out = NULL;
    for (struct dirent *e; folder && (e = readdir(folder));) {
        if (!isdigit((unsigned char)e->d_name[0]) || n == MOST_THREADS) continue;
        if (n == room) {
            room = room ? 2 * room : 64;
            *out = realloc(*out, room * sizeof **out);
            if (!*out) abort();
        }
        (*out)[n++] = atoi(e->d_name);
    }
    if (folder) closedir(folder);
    return n;
}

/* Its program, through a thread that lives; NULL and errno. */
static char *find_program(image *im) {
    int *tids, error = ESRCH;
    size_t n = tids_of(im->pid, &tids);
    char link[64], path[PATH_MAX], *found = NULL;
    for (size_t i = 0; i < n && !found; i++) {
        snprintf(link, sizeof link, "/proc/%d/exe", tids[i]);
        ssize_t length = readlink(link, path, sizeof path - 1);
        if (length < 0) {
            error = errno;
            continue;
        }
        path[length] = 0;
        found = strdup(path);
        im->live->via = (uint64_t)tids[i];
    }
    free(tids);
    errno = error;
    return found;
}

static void read_maps(image *im) {
    FILE *in = open_in(im->live->via, "maps");
    char *line = NULL;
    size_t room = 0, mappings = 0;
    ssize_t length;
    while (in && (length = getline(&line, &room, in)) > 0) {
        if (line[length - 1] == '\n') line[length - 1] = 0;
        uint64_t low, high, offset;
        const char *path = strchr(line, '/');
        if (!path || sscanf(line, "%" SCNx64 "-%" SCNx64 " %*s %" SCNx64, &low, &high, &offset) != 3) continue;
        if (im->mapping_count == mappings) {
            mappings = mappings ? 2 * mappings : 64;
            im->mappings = realloc(im->mappings, mappings * sizeof *im->mappings);
            if (!im->mappings) abort();
        }
        im->mappings[im->mapping_count++] = (image_mapping){low, high, offset, strdup(path)};
    }
    free(line);
    if (in) fclose(in);
}

/* The file may have been deleted or replaced, or lie in another root: what runs can be opened all the same. */
static void find_files(image *im) {
    for (size_t i = 0; i < im->module_count; i++) {
        image_module *m = &im->modules[i];
        char line[PATH_MAX + 32], *other = NULL;
        struct stat here, there;
        snprintf(line, sizeof line, "/proc/%" PRIu64 "/exe", im->live->via);
        bool is_program = strcmp(m->path, im->executable) == 0 && stat(line, &there) == 0;
        if (!is_program) snprintf(line, sizeof line, "/proc/%" PRIu64 "/root%s", im->live->via, m->path);
        if (!is_program && stat(line, &there) != 0) {
            m->usable = stat(m->path, &here) == 0;
        } else if (stat(m->path, &here) != 0 || here.st_ino != there.st_ino || here.st_dev != there.st_dev) {
            other = strdup(line);
            m->path = other;
        }
    }
}

image *image_of_process(int pid) {
    image *im = calloc(1, sizeof *im);
    image_live *live = im ? im->live = calloc(1, sizeof *live) : NULL;
    if (!live) abort();
    im->pid = (uint64_t)pid;
    im->read = live_read;
    char path[PATH_MAX];
    struct stat about;
    snprintf(path, sizeof path, "/proc/%d", pid);
    if (stat(path, &about) != 0) cli_fail("there is no process %d", pid);
    if (pid == (int)getpid()) cli_fail("process %d is this gorace itself", pid);
    long tracer = status_of(im->pid, "TracerPid");
    if (tracer > 0) {
        char name[64];
        name_of((uint64_t)tracer, name, sizeof name);
        cli_fail("process %d is traced already, by process %ld%s%s%s: end that first", pid, tracer, *name ? " (" : "",
                 name, *name ? ")" : "");
    }
    im->executable = find_program(im);
    if (!im->executable && (errno == EACCES || errno == EPERM)) fail_forbidden(im->pid);
    if (!im->executable) cli_fail("process %d has no program: it is the kernel's, or has ended", pid);
    snprintf(path, sizeof path, "/proc/%" PRIu64 "/mem", live->via);
    live->memory = open(path, O_RDONLY | O_CLOEXEC);
    if (live->memory < 0) fail_forbidden(im->pid);
    im->now_ns = now();
    im->pid_inside = pid_inside(im->pid);
    read_maps(im);
    image_find_modules(im);
    find_files(im);
    return im;
}

void image_live_free(image_live *live) {
    if (!live) return;
    close(live->memory);
    free(live->stops);
    free(live);
}

/* --- threads --- */

static image_thread *add_thread(image *im, int tid) {
    if ((im->thread_count & (im->thread_count - 1)) == 0) {
        size_t room = im->thread_count ? 2 * im->thread_count : 1;
        im->threads = realloc(im->threads, room * sizeof *im->threads);
        if (!im->threads) abort();
    }
    image_thread *t = &im->threads[im->thread_count++];
    *t = (image_thread){.tid = tid, .call = -1};
    return t;
}

static void name_threads(image *im) {
    for (size_t i = 0; i < im->thread_count; i++)
        name_of((uint64_t)im->threads[i].tid, im->threads[i].name, sizeof im->threads[i].name);
}

void image_look_at_threads(image *im) {
    int *tids;
    size_t n = tids_of(im->pid, &tids);
    for (size_t i = 0; i < n; i++) {
        image_thread *t = add_thread(im, tids[i]);
        char file[64];
        snprintf(file, sizeof file, "task/%d/syscall", tids[i]);
        FILE *in = open_in(im->pid, file);
        uint64_t sp, pc;
        if (in && fscanf(in, "%" SCNd64 " %" SCNx64 " %*x %*x %*x %*x %*x %" SCNx64 " %" SCNx64, &t->call,
                         &t->argument, &sp, &pc) == 4) {
            gr__register_set(&t->registers, GR__REGISTER_SP, sp);
            t->registers.pc = pc;
            t->stands = true;
        } else {
            t->call = -1;
        }
        if (in) fclose(in);
    }
    free(tids);
    name_threads(im);
}

#if defined(__x86_64__)
static void take_registers(image_thread *t, const struct user_regs_struct *u) {
    const unsigned long long values[GR__REGISTERS] = {u->rax, u->rdx, u->rcx, u->rbx, u->rsi, u->rdi, u->rbp, u->rsp,
        u->r8, u->r9, u->r10, u->r11, u->r12, u->r13, u->r14, u->r15};
    for (unsigned i = 0; i < GR__REGISTERS; i++) gr__register_set(&t->registers, i, values[i]);
    t->registers.pc = u->rip;
    t->pointer = u->fs_base;
    t->call = (int64_t)u->orig_rax;
    t->argument = u->rdi;
    t->stands = t->exact = true;
}

/* The call ended with EINTR because of us, if no signal of its own is there. */
static bool deliverable(uint64_t pid, int tid) {
    char file[64], line[256];
    snprintf(file, sizeof file, "task/%d/status", tid);
    FILE *in = open_in(pid, file);
    uint64_t own = 0, shared = 0, blocked = 0, ignored = 0;
    while (in && fgets(line, sizeof line, in)) {
        sscanf(line, "SigPnd: %" SCNx64, &own);
        sscanf(line, "ShdPnd: %" SCNx64, &shared);
        sscanf(line, "SigBlk: %" SCNx64, &blocked);
        sscanf(line, "SigIgn: %" SCNx64, &ignored);
    }
    if (in) fclose(in);
    return !in || ((own | shared) & ~blocked & ~ignored);
}

static void begin_call_again(uint64_t pid, const stop *s) {
    enum { SYSCALL_BYTES = 2 };
    struct user_regs_struct u;
    struct iovec at = {&u, sizeof u};
    if (s->signal || ptrace(PTRACE_GETREGSET, s->tid, (void *)NT_PRSTATUS, &at) != 0) return;
    if ((long long)u.orig_rax < 0 || (long long)u.rax != -EINTR || deliverable(pid, s->tid)) return;
    u.rax = u.orig_rax;
    u.rip -= SYSCALL_BYTES;
    ptrace(PTRACE_SETREGSET, s->tid, (void *)NT_PRSTATUS, &at);
}

static void get_registers(image_thread *t) {
    struct user_regs_struct u;
    struct iovec at = {&u, sizeof u};
    if (ptrace(PTRACE_GETREGSET, t->tid, (void *)NT_PRSTATUS, &at) == 0) take_registers(t, &u);
}
#elif defined(__aarch64__)
static void get_registers(image_thread *t) {
    struct user_regs_struct u;
    struct iovec at = {&u, sizeof u};
    if (ptrace(PTRACE_GETREGSET, t->tid, (void *)NT_PRSTATUS, &at) != 0) return;
    for (unsigned i = 0; i < 31; i++) gr__register_set(&t->registers, i, u.regs[i]);
    gr__register_set(&t->registers, GR__REGISTER_SP, u.sp);
    t->registers.pc = u.pc;
    t->argument = u.regs[0];
    t->stands = t->exact = true;
    int call = -1;
    at = (struct iovec){&t->pointer, sizeof t->pointer};
    ptrace(PTRACE_GETREGSET, t->tid, (void *)NT_ARM_TLS, &at);
    at = (struct iovec){&call, sizeof call};
    if (ptrace(PTRACE_GETREGSET, t->tid, (void *)NT_ARM_SYSTEM_CALL, &at) == 0) t->call = call;
}

/* Its first argument is gone by now: the program sees EINTR, as under any debugger. */
static void begin_call_again(uint64_t pid, const stop *s) {
    (void)pid;
    (void)s;
}
#endif

/* --- stopping --- */

static bool is_known(const image_live *live, int tid) {
    for (size_t i = 0; i < live->count; i++)
        if (live->stops[i].tid == tid) return true;
    return false;
}

/* One that has ended while others of its process go on: it keeps its number if it was the first. */
static bool has_ended(int tid) {
    char path[64], state = 'X';
    snprintf(path, sizeof path, "/proc/%d/stat", tid);
    FILE *in = fopen(path, "re");
    if (in && fscanf(in, "%*d (%*[^)]) %c", &state) != 1) state = '?';
    if (in) fclose(in);
    return state == 'Z' || state == 'X';
}

static bool seize(image_live *live, int tid) {
    if (ptrace(PTRACE_SEIZE, tid, NULL, NULL) != 0) {
        if (errno != ESRCH && !has_ended(tid)) return false;
        live->stops[live->count++] = (stop){tid, 0, 0};
        return true;
    }
    ptrace(PTRACE_INTERRUPT, tid, NULL, NULL);
    live->stops[live->count++] = (stop){tid, SEIZED, 0};
    return true;
}

/* True: there is nothing more to wait for. */
static bool has_stopped(stop *s) {
    int status;
    pid_t got = waitpid(s->tid, &status, __WALL | WNOHANG);
    if (got == 0) return false;
    if (got < 0 || !WIFSTOPPED(status)) {
        s->standing = 0;        /* it has ended */
        return true;
    }
    s->standing = STANDS;
    /* A stop for a signal that it was about to get, and not for us: it gets it when it goes on. */
    if (status >> 16 == 0) s->signal = WSTOPSIG(status);
    return true;
}

static void wait_for_all(image_live *live, size_t from, uint64_t until) {
    bool all;
    unsigned looks = 0;
    do {
        all = true;
        for (size_t i = from; i < live->count; i++)
            if (live->stops[i].standing == SEIZED) all &= has_stopped(&live->stops[i]);
        if (!all && ++looks > LOOKS) nanosleep(&(struct timespec){0, LOOK_NS}, NULL);
        else if (!all) sched_yield();
    } while (!all && now() < until);
}

static void block_signals(image_live *live) {
    sigset_t all;
    sigfillset(&all);
    sigprocmask(SIG_BLOCK, &all, &live->before);
}

bool image_stop(image *im) {
    image_live *live = im->live;
    live->stops = calloc(MOST_THREADS, sizeof *live->stops);
    if (!live->stops) abort();
    block_signals(live);
    live->since = now();
    bool may = true, more = true;
    for (int round = 0; may && more && round < ROUNDS; round++) {
        int *tids;
        size_t n = tids_of(im->pid, &tids), before = live->count;
        more = false;
        for (size_t i = 0; i < n && may && live->count < MOST_THREADS; i++) {
            if (before && is_known(live, tids[i])) continue;
            may = seize(live, tids[i]);
            more = true;
        }
        free(tids);
        wait_for_all(live, before, live->since + PATIENCE_NS);
    }
    if (!may) {
        image_go_on(im);
        return false;
    }
    im->now_ns = now();
    for (size_t i = 0; i < live->count; i++) {
        if (!live->stops[i].standing) continue;
        image_thread *t = add_thread(im, live->stops[i].tid);
        if (live->stops[i].standing == STANDS) get_registers(t);
    }
    return true;
}

void image_go_on(image *im) {
    image_live *live = im->live;
    for (size_t i = 0; i < live->count; i++) {
        const stop *s = &live->stops[i];
        if (s->standing != STANDS) continue;
        begin_call_again(im->pid, s);
        ptrace(PTRACE_DETACH, s->tid, NULL, (void *)(intptr_t)s->signal);
    }
    im->stopped_ns = live->count ? now() - live->since : 0;
    live->count = 0;
    sigprocmask(SIG_SETMASK, &live->before, NULL);
    name_threads(im);
}
