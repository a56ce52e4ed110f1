/* sockets.h - what the calls of sockets.def are made with. */
#include <arpa/inet.h>
#include <fcntl.h>
#include <netdb.h>
#include <poll.h>
#include <stdint.h>
#include <sys/epoll.h>
#include <sys/eventfd.h>
#include <sys/select.h>
#include <sys/sendfile.h>
#include <sys/socket.h>
#include <sys/uio.h>
#include <time.h>
#include <unistd.h>

typedef struct { char s[32]; } text;
typedef struct { struct iovec v[1]; char more; } vector;
typedef struct { off_t n; char more; } number;
typedef struct { struct sockaddr_in of; char more; } address;
typedef struct { unsigned n; char more; } word;
typedef struct { int n[2]; char more; } two_words;
typedef struct { uint64_t n; char more; } wide_word;
typedef struct { struct addrinfo *p; char more; } list_at;
typedef struct { struct pollfd of; char more; } asked;
typedef struct { fd_set of; } set;
typedef struct { struct epoll_event of; char more; } event_at;

#define LOCAL {.sin_family = AF_INET, .sin_addr = {0x0100007f}, .sin_port = 0x0900}
#define NO_FILE {-1, POLLIN, 0}

static volatile size_t four = 4;
static int zeros, null, udp, event, epoll, tube[2], zero_tube[2], ends[2];
#define a ends[0]
#define b ends[1]
static socklen_t length;
static struct sockaddr_in place = LOCAL;
static struct addrinfo *list;
static struct timespec no_time;
static struct timeval none;

/* The first four bytes of s, in two pieces. */
static struct iovec *parts(char *s) {
    static struct iovec v[2];
    v[0] = (struct iovec){s, 1};
    v[1] = (struct iovec){s + 1, 3};
    return v;
}
static struct msghdr *message(char *s) {
    static struct msghdr m;
    m = (struct msghdr){.msg_iov = parts(s), .msg_iovlen = 2};
    return &m;
}
static struct mmsghdr *messages(char *s) {
    static struct mmsghdr m;
    m = (struct mmsghdr){.msg_hdr = *message(s)};
    return &m;
}

#define CASES "sockets.def"
#include "cases.h"

int main(void) {
    socklen_t size = sizeof place;
    zeros = open("/dev/zero", O_RDWR);
    null = open("/dev/null", O_WRONLY);
    udp = socket(AF_INET, SOCK_DGRAM, 0);
    event = eventfd(1, 0);
    epoll = epoll_create1(0);
    if (zeros < 0 || null < 0 || udp < 0 || event < 0 || epoll < 0 || pipe(tube) || pipe(zero_tube) ||
        socketpair(AF_UNIX, SOCK_DGRAM, 0, ends) || write(zero_tube[1], "x", 1) != 1 ||
        connect(udp, (void *)&place, size))
        return 1;
    run_cases();
    return 0;
}
