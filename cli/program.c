/* program.c - runs the program under test and reads what it tells.
 *
 * The program gets one end of a SOCK_SEQPACKET pair, named in $GORACE_SESSION. Its standard files,
 * its process group and its terminal are ours, so keys reach it by themselves; a signal that
 * somebody sends to gorace alone is handed on. Signals are blocked here and read from a signalfd,
 * so all of this is one loop in one thread.
 */
#include "cli/program.h"

#include "cli/cli.h"
#include "runtime/inspect/session.h"

#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/prctl.h>
#include <sys/resource.h>
#include <sys/signalfd.h>
#include <sys/socket.h>
#include <sys/wait.h>
#include <unistd.h>

/* Out of the way of programs that count their descriptors, yet below the usual limit of 1024. */
enum { SESSION_FD = 900, MESSAGE_SIZE = 1 << 18, STACK_LIMIT = 1 << 30 };

static const int forwarded[] = {SIGINT, SIGTERM, SIGHUP, SIGQUIT, SIGUSR1, SIGUSR2, SIGTSTP,
                                SIGWINCH, SIGALRM};

static int high_descriptor(int fd) {
    int high = fcntl(fd, F_DUPFD, SESSION_FD);
    if (high < 0) high = fcntl(fd, F_DUPFD, 3); /* a low limit of descriptors */
    return high;
}

/* Without a limit of the stack the kernel maps from below, where the detector's shadow lies. */
static void limit_stack(void) {
    struct rlimit stack;
    if (getrlimit(RLIMIT_STACK, &stack) != 0 || stack.rlim_cur != RLIM_INFINITY) return;
    stack.rlim_cur = STACK_LIMIT;
    setrlimit(RLIMIT_STACK, &stack);
}

/* In the child: become the program, or tell the errno through `failure`. */
static _Noreturn void become(char **argv, int session, int failure, const sigset_t *mask,
                             const char *trace) {
    char value[32];
    int fd = high_descriptor(session);
    snprintf(value, sizeof value, "fd:%d", fd);
    setenv("GORACE_SESSION", value, 1);
    if (trace) setenv("GORACE_TRACE", trace, 1);
    sigprocmask(SIG_SETMASK, mask, NULL);
    limit_stack();
    execvp(argv[0], argv);
    int why = errno;
    ssize_t told = write(failure, &why, sizeof why);
    _exit(told == sizeof why ? CLI_NOT_EXECUTABLE : CLI_FAILED);
}

void cli_program_answer(int session, const reports *all, unsigned ended, int flags) {
    char answer = reports_left_out(all) ? GR__ANSWER_LEFT_OUT : GR__ANSWER_TOLD;
    for (; ended; ended--) send(session, &answer, 1, MSG_NOSIGNAL | flags);
}

void cli_program_let_go(void) {
    DIR *all = opendir("/proc/self/fd");
    if (!all) return;
    for (struct dirent *entry; (entry = readdir(all)) != NULL;) {
        int fd = atoi(entry->d_name);
        if (fd > STDERR_FILENO && !(fcntl(fd, F_GETFD) & FD_CLOEXEC)) close(fd);
    }
    closedir(all);
    int nothing = open("/dev/null", O_RDWR | O_CLOEXEC);
    if (nothing < 0) return;
    dup2(nothing, STDIN_FILENO);
    if (nothing != STDIN_FILENO) close(nothing);
}

/* All messages that are there. False: nobody holds the other end any more. */
static bool read_messages(int session, reports *all) {
    static char message[MESSAGE_SIZE] __attribute__((aligned(8)));
    for (;;) {
        ssize_t n = recv(session, message, sizeof message, MSG_DONTWAIT);
        if (n == 0 || (n < 0 && errno == ECONNRESET)) return false;
        if (n < 0 && errno == EINTR) continue;
        if (n < 0) return true;
        cli_program_answer(session, all, reports_message(all, message, (size_t)n), MSG_DONTWAIT);
    }
}

/* Follow the child's stops; true when it has ended. */
static bool follow(pid_t child, int *status) {
    for (;;) {
        pid_t pid = waitpid(child, status, WNOHANG | WUNTRACED | WCONTINUED);
        if (pid <= 0) return false;
        if (WIFSTOPPED(*status)) {
            raise(SIGSTOP); /* whoever started us sees the job stop ... */
            kill(child, SIGCONT); /* ... and going on means the program too */
        } else if (!WIFCONTINUED(*status)) {
            return true;
        }
    }
}

static int loop(pid_t child, int session, int signals, reports *all) {
    struct pollfd fds[2] = {{session, POLLIN, 0}, {signals, POLLIN, 0}};
    int status = 0;
    for (;;) {
        if (poll(fds, 2, -1) < 0 && errno != EINTR) cli_fail("poll: %s", strerror(errno));
        if (fds[0].revents && !read_messages(session, all)) fds[0].fd = -1;
        struct signalfd_siginfo info;
        if (!(fds[1].revents & POLLIN) || read(signals, &info, sizeof info) != sizeof info) continue;
        if (info.ssi_signo == SIGCHLD) {
            if (!follow(child, &status)) continue;
            read_messages(session, all); /* what it said with its last breath */
            return status;
        }
        /* From the terminal it came to the program as well; from the program it is not for it. */
        if (info.ssi_code != SI_KERNEL && (pid_t)info.ssi_pid != child)
            kill(child, (int)info.ssi_signo);
    }
}

int cli_program_run(char **argv, reports *all, const char *trace) {
    int pair[2], failure[2];
    if (socketpair(AF_UNIX, SOCK_SEQPACKET | SOCK_CLOEXEC, 0, pair) != 0 ||
        pipe2(failure, O_CLOEXEC) != 0)
        cli_fail("can't make a socket: %s", strerror(errno));
    sigset_t ours, before;
    sigemptyset(&ours);
    sigaddset(&ours, SIGCHLD);
    for (size_t i = 0; i < sizeof forwarded / sizeof forwarded[0]; i++) sigaddset(&ours, forwarded[i]);
    sigprocmask(SIG_BLOCK, &ours, &before);
    signal(SIGTTOU, SIG_IGN); /* our lines, when the program has given the terminal to another job */
    int signals = signalfd(-1, &ours, SFD_CLOEXEC);
    fflush(NULL);
    pid_t child = fork();
    if (child < 0 || signals < 0) cli_fail("can't start a process: %s", strerror(errno));
    if (child == 0) {
        signal(SIGTTOU, SIG_DFL);
        /* Where only parents may look into processes: so may `gorace goroutines`. */
        prctl(PR_SET_PTRACER, PR_SET_PTRACER_ANY, 0, 0, 0);
        become(argv, pair[1], failure[1], &before, trace);
    }
    cli_program_let_go();
    close(pair[1]);
    close(failure[1]);
    int why = 0;
    bool failed = read(failure[0], &why, sizeof why) == sizeof why;
    close(failure[0]);
    if (failed) {
        waitpid(child, NULL, 0);
        cli_complain("can't run %s: %s", argv[0], strerror(why));
        reports_free(all);
        exit(why == ENOENT ? CLI_NOT_FOUND : CLI_NOT_EXECUTABLE);
    }
    int status = loop(child, pair[0], signals, all);
    close(pair[0]);
    close(signals);
    return WIFSIGNALED(status) ? 128 + WTERMSIG(status) : WEXITSTATUS(status);
}
