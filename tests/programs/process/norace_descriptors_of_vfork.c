// want: none
// flags: -O1 -D_GNU_SOURCE
/* What the child of a vfork does to its descriptors, it does not do to ours; and a pipe that went through a
 * socket is the same pipe under its new number. */
#include "../together.h"

#include <string.h>
#include <sys/socket.h>
#include <sys/wait.h>
#include <unistd.h>

int x, y;
static int tube[2], ends[2], again = -1;

static void send_descriptor(int fd) {
    union { struct cmsghdr head; char room[CMSG_SPACE(sizeof(int))]; } along = {
        .head = {CMSG_LEN(sizeof(int)), SOL_SOCKET, SCM_RIGHTS}};
    struct iovec byte = {"x", 1};
    struct msghdr message = {.msg_iov = &byte, .msg_iovlen = 1, .msg_control = &along,
                             .msg_controllen = sizeof along};
    memcpy(CMSG_DATA(&along.head), &fd, sizeof fd);
    sendmsg(ends[0], &message, 0);
}
static void receive_descriptor(void) {
    union { struct cmsghdr head; char room[CMSG_SPACE(sizeof(int))]; } along;
    char c;
    struct iovec byte = {&c, 1};
    struct msghdr message = {.msg_iov = &byte, .msg_iovlen = 1, .msg_control = &along,
                             .msg_controllen = sizeof along};
    if (recvmsg(ends[1], &message, 0) == 1) memcpy(&again, CMSG_DATA(&along.head), sizeof again);
}

static void writer(void) {
    x = 1;
    if (write(tube[1], "x", 1) != 1) return;
    y = 1;
    if (write(tube[1], "y", 1) != 1) return;
}
static void reader(void) {
    char c;
    if (read(tube[0], &c, 1) == 1) x++;
    if (read(again, &c, 1) == 1) y++;
}

int main(void) {
    if (pipe(tube) || socketpair(AF_UNIX, SOCK_STREAM, 0, ends)) return 1;
    pid_t child = vfork();
    if (child == 0) {
        dup2(tube[1], 1);
        close(tube[0]);
        close(tube[1]);
        _exit(0);
    }
    if (waitpid(child, NULL, 0) != child) return 2;
    send_descriptor(tube[0]);
    receive_descriptor();
    together_in_threads(writer, reader);
    return x + y != 4;
}
