/* echo.c - an echo server on the loopback, a goroutine for each connection, and the load for it; echo.go
 * is the server's twin.
 *
 *   echo serve BYTES                        prints its port, and serves, with buffers of BYTES, until
 *                                           it is killed
 *   echo load PORT PID CONNECTIONS SECONDS  prints connections served, messages a second, and of the
 *                                           server PID: CPU ns a message, resident bytes a connection
 *
 * The load is a plain epoll loop in one thread, so that both servers meet the same. Each connection has
 * one message under way at any time. */
#include <arpa/inet.h>
#include <errno.h>
#include <gorace.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/epoll.h>
#include <sys/resource.h>
#include <sys/socket.h>
#include <time.h>
#include <unistd.h>

enum { MESSAGE = 64, CONNECTING_AT_ONCE = 128 };

static void fail(const char *what) {
    perror(what);
    exit(1);
}

/* As many descriptors as we may have. */
static long raise_limit(void) {
    struct rlimit limit;
    if (getrlimit(RLIMIT_NOFILE, &limit)) fail("getrlimit");
    limit.rlim_cur = limit.rlim_max;
    if (setrlimit(RLIMIT_NOFILE, &limit)) fail("setrlimit");
    return (long)limit.rlim_cur;
}

/* --- the server --- */

static void serve_one(int fd, size_t size) {
    char *buffer = __builtin_alloca(size);
    for (ssize_t n; (n = gr_read(fd, buffer, size)) > 0;)
        if (gr_write(fd, buffer, (size_t)n) != n) break;
    close(fd);
}

static void serve(size_t size) {
    struct sockaddr_in address = {.sin_family = AF_INET, .sin_addr = {htonl(INADDR_LOOPBACK)}};
    socklen_t length = sizeof address;
    raise_limit();
    int listener = socket(AF_INET, SOCK_STREAM | SOCK_NONBLOCK, 0);
    if (listener < 0 || bind(listener, (struct sockaddr *)&address, length) || listen(listener, 4096) ||
        getsockname(listener, (struct sockaddr *)&address, &length))
        fail("listen");
    printf("%d\n", ntohs(address.sin_port));
    fflush(stdout);
    for (;;) {
        int fd = gr_accept(listener, NULL, NULL);
        if (fd < 0) fail("accept");
        go(serve_one, fd, size);
    }
}

/* --- the load --- */

static struct connection { int fd, got; long messages; } *connections;
static int epoll;
static char message[MESSAGE];

static double now(void) {
    struct timespec t;
    clock_gettime(CLOCK_MONOTONIC, &t);
    return (double)t.tv_sec + (double)t.tv_nsec / 1e9;
}

/* A number that follows `name` in a file of /proc. */
static double proc_number(int pid, const char *file, const char *name) {
    char path[64], text[4096];
    snprintf(path, sizeof path, "/proc/%d/%s", pid, file);
    FILE *f = fopen(path, "r");
    if (!f) fail(path);
    size_t n = fread(text, 1, sizeof text - 1, f);
    fclose(f);
    text[n] = 0;
    char *at = strstr(text, name);
    return at ? strtod(at + strlen(name), NULL) : 0;
}

static double resident(int pid) { return proc_number(pid, "status", "VmRSS:") * 1024; }

/* CPU seconds: fields 14 and 15 of stat. */
static double cpu(int pid) {
    char path[64], text[1024];
    snprintf(path, sizeof path, "/proc/%d/stat", pid);
    FILE *f = fopen(path, "r");
    if (!f || !fgets(text, sizeof text, f)) fail(path);
    fclose(f);
    unsigned long user = 0, system = 0;
    if (sscanf(strrchr(text, ')') + 1, " %*c %*d %*d %*d %*d %*d %*u %*u %*u %*u %*u %lu %lu", &user,
               &system) != 2)
        fail(path);
    return (double)(user + system) / (double)sysconf(_SC_CLK_TCK);
}

static void send_one(const struct connection *c) {
    if (send(c->fd, message, MESSAGE, 0) != MESSAGE) fail("send");
}

static void open_one(int index, int port) {
    struct connection *c = &connections[index];
    struct sockaddr_in to = {.sin_family = AF_INET, .sin_port = htons((uint16_t)port),
                             .sin_addr = {htonl(INADDR_LOOPBACK)}};
    struct linger no_time_wait = {1, 0};
    struct epoll_event event = {.events = EPOLLIN, .data.u32 = (uint32_t)index};
    c->fd = socket(AF_INET, SOCK_STREAM, 0);
    if (c->fd < 0 || connect(c->fd, (struct sockaddr *)&to, sizeof to)) fail("connect");
    setsockopt(c->fd, SOL_SOCKET, SO_LINGER, &no_time_wait, sizeof no_time_wait);
    if (epoll_ctl(epoll, EPOLL_CTL_ADD, c->fd, &event)) fail("epoll_ctl");
    send_one(c);
}

/* Take in what has come; each message that is complete is answered by the next, if `go_on`. */
static long answers(int wait_ms, bool go_on) {
    struct epoll_event events[512];
    long complete = 0;
    int n = epoll_wait(epoll, events, 512, wait_ms);
    for (int i = 0; i < n; i++) {
        struct connection *c = &connections[events[i].data.u32];
        char buffer[MESSAGE];
        ssize_t got = recv(c->fd, buffer, (size_t)(MESSAGE - c->got), MSG_DONTWAIT);
        if (got <= 0) fail("recv");
        c->got += (int)got;
        if (c->got < MESSAGE) continue;
        c->got = 0;
        c->messages++;
        complete++;
        if (go_on) send_one(c);
    }
    return complete;
}

static int load(int port, int pid, int count, double seconds) {
    if (raise_limit() < count + 16) {
        fprintf(stderr, "echo: the limit of open files (ulimit -Hn) is too low for %d connections\n", count);
        return 3;
    }
    connections = calloc((size_t)count, sizeof *connections);
    epoll = epoll_create1(0);
    double before = resident(pid);
    long done = 0;
    for (int i = 0; i < count; i++) {
        open_one(i, port);
        while (i - done >= CONNECTING_AT_ONCE) done += answers(-1, false);
    }
    while (done < count) done += answers(-1, false);
    double memory = (resident(pid) - before) / count;
    double begin = now(), used = cpu(pid);
    long messages = 0;
    for (int i = 0; i < count; i++) send_one(&connections[i]);
    while (now() - begin < seconds) messages += answers(100, true);
    double took = now() - begin;
    used = cpu(pid) - used;
    int served = 0;
    for (int i = 0; i < count; i++) served += connections[i].messages > 1;
    printf("%d %.0f %.0f %.0f\n", served, (double)messages / took, used / (double)messages * 1e9, memory);
    return 0;
}

int main(int count, char **arguments) {
    if (count == 3 && !strcmp(arguments[1], "serve")) serve((size_t)atol(arguments[2]));
    if (count == 6 && !strcmp(arguments[1], "load"))
        return load(atoi(arguments[2]), atoi(arguments[3]), atoi(arguments[4]), atof(arguments[5]));
    fprintf(stderr, "usage: echo serve BYTES | echo load PORT PID CONNECTIONS SECONDS\n");
    return 2;
}
