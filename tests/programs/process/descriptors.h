/* descriptors.h - what the ways of descriptors.def go over. */
#include <fcntl.h>
#include <mqueue.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/eventfd.h>
#include <sys/socket.h>
#include <sys/timerfd.h>
#include <sys/uio.h>
#include <sys/un.h>
#include <unistd.h>

static int tube[2], ends[2], other[2], files[2], last[2], event, timer, listener, client, server, word;
static int pty_master, pty_slave;
static mqd_t mq;
static FILE *out, *in, *last_out, *last_in;
static char c, line[8], *block;
static size_t room;
static uint64_t one = 1, number;
static struct iovec piece = {"x", 1}, got = {&c, 1};
static struct msghdr message = {.msg_iov = &piece, .msg_iovlen = 1}, received = {.msg_iov = &got, .msg_iovlen = 1};
static struct mmsghdr messages = {.msg_hdr = {.msg_iov = &piece, .msg_iovlen = 1}},
                      all_received = {.msg_hdr = {.msg_iov = &got, .msg_iovlen = 1}};
static struct itimerspec soon = {.it_value = {0, 1000}};
static union { struct sockaddr any; struct sockaddr_un un; } address = {.un = {AF_UNIX, ""}};

static void check(long done) {
    if (done <= 0) abort();
}

#define WAYS "../process/descriptors.def"
#include "../hb/ways.h"

int main(void) {
    struct mq_attr small = {.mq_maxmsg = 1, .mq_msgsize = 8};
    char name[40];
    /* an abstract address, which is nobody else's */
    snprintf(address.un.sun_path + 1, 40, "gorace-%d", getpid());
    snprintf(name, sizeof name, "/gorace-%d", getpid());
    mq = mq_open(name, O_RDWR | O_CREAT | O_EXCL, 0600, &small);
    mq_unlink(name);
    event = eventfd(0, 0);
    timer = timerfd_create(CLOCK_MONOTONIC, 0);
    listener = socket(AF_UNIX, SOCK_STREAM, 0);
    client = socket(AF_UNIX, SOCK_STREAM, 0);
    pty_master = posix_openpt(O_RDWR | O_NOCTTY);
    if (mq < 0 || pty_master < 0 || grantpt(pty_master) || unlockpt(pty_master)) return 1;
    pty_slave = open(ptsname(pty_master), O_RDWR | O_NOCTTY);
    if (pty_slave < 0 || event < 0 || timer < 0 || pipe(tube) || pipe(other) || pipe(files) || pipe(last) ||
        socketpair(AF_UNIX, SOCK_STREAM, 0, ends) || bind(listener, &address.any, sizeof address) ||
        listen(listener, 1))
        return 2;
    out = fdopen(files[1], "w");
    in = fdopen(files[0], "r");
    last_out = fdopen(last[1], "w");
    last_in = fdopen(last[0], "r");
    together_in_threads(giver, taker);
    return 0;
}
