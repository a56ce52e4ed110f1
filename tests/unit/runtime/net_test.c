/* net_test.c - descriptors: pipes, pairs, sockets, files; blocking ones and not; time-outs. */
#include "net_test.h"

#include <arpa/inet.h>
#include <signal.h>
#include <string.h>

#define NEVER GR_HOUR

/* --- bytes there and back --- */

static void through_pipes(int flags) {
    int there[2], back[2];
    char end;
    EXPECT(pipe2(there, flags) == 0 && pipe2(back, flags) == 0);
    gr_waitgroup_add(&all, 1);
    go(echo, there[0], back[1]);
    much_there_and_back(there[1], back[0]);
    EXPECT((fcntl(there[1], F_GETFL) & O_NONBLOCK) == flags);
    EXPECT((fcntl(back[0], F_GETFL) & O_NONBLOCK) == flags);
    close(there[1]);
    EXPECT(gr_read(back[0], &end, 1) == 0);
    close(back[0]);
    gr_waitgroup_wait(&all);
}
IN_GOROUTINE(test_blocking_pipes) { through_pipes(0); }
IN_GOROUTINE(test_non_blocking_pipes) { through_pipes(O_NONBLOCK); }

static void through_pair(int flags) {
    int pair[2];
    char end;
    EXPECT(socketpair(AF_UNIX, SOCK_STREAM | flags, 0, pair) == 0);
    gr_waitgroup_add(&all, 1);
    go(echo, pair[1], pair[1]);
    much_there_and_back(pair[0], pair[0]);
    EXPECT((fcntl(pair[0], F_GETFL) & O_NONBLOCK) == flags);
    EXPECT(shutdown(pair[0], SHUT_WR) == 0 && gr_read(pair[0], &end, 1) == 0);
    close(pair[0]);
    gr_waitgroup_wait(&all);
}
IN_GOROUTINE(test_blocking_pair) { through_pair(0); }
IN_GOROUTINE(test_non_blocking_pair) { through_pair(O_NONBLOCK); }

/* The tests' own thread. */
static void test_thread_waits_by_itself(void **state) {
    (void)state;
    through_pipes(0);
    through_pair(O_NONBLOCK);
}

/* --- connections --- */

typedef struct place {
    struct sockaddr_storage address;
    socklen_t length;
    int listener;
} place;

static place listen_at(int family, int flags, int backlog) {
    place p = {.length = family == AF_INET ? sizeof(struct sockaddr_in) : sizeof(sa_family_t)};
    struct sockaddr *a = (void *)&p.address;
    a->sa_family = (sa_family_t)family;
    if (family == AF_INET) ((struct sockaddr_in *)(void *)a)->sin_addr.s_addr = htonl(INADDR_LOOPBACK);
    p.listener = socket(family, SOCK_STREAM | flags, 0);
    EXPECT(bind(p.listener, a, p.length) == 0 && listen(p.listener, backlog) == 0);
    p.length = sizeof p.address;
    EXPECT(getsockname(p.listener, a, &p.length) == 0);
    return p;
}
static int socket_for(const place *p, int flags) {
    return socket(p->address.ss_family, SOCK_STREAM | flags, 0);
}

static void serve(int listener, int count) {
    for (int i = 0; i < count; i++) {
        struct sockaddr_storage from;
        unsigned length = sizeof from;
        int fd = gr_accept(listener, (void *)&from, &length);
        EXPECT(fd >= 0 && length <= sizeof from && !(fcntl(fd, F_GETFL) & O_NONBLOCK));
        gr_waitgroup_add(&all, 1);
        go(echo, fd, fd);
    }
    gr_waitgroup_done(&all);
}

static void client(const place *p, int flags) {
    char word[5];
    int fd = socket_for(p, flags);
    EXPECT(gr_connect(fd, (const void *)&p->address, p->length) == 0);
    EXPECT(gr_write(fd, "hello", 5) == 5);
    EXPECT(read_all(fd, word, 5) && !memcmp(word, "hello", 5));
    EXPECT(shutdown(fd, SHUT_WR) == 0 && gr_read(fd, word, 1) == 0);
    close(fd);
    gr_waitgroup_done(&all);
}

/* Several accept from the one socket. */
static void meet(int family, int flags) {
    enum { SERVERS = 4, CLIENTS = 60 };
    place p = listen_at(family, flags, CLIENTS);
    gr_waitgroup_add(&all, SERVERS + CLIENTS);
    for (int i = 0; i < SERVERS; i++) go(serve, p.listener, CLIENTS / SERVERS);
    for (int i = 0; i < CLIENTS; i++) go(client, &p, flags);
    gr_waitgroup_wait(&all);
    EXPECT((fcntl(p.listener, F_GETFL) & O_NONBLOCK) == flags);
    close(p.listener);
}
IN_GOROUTINE(test_tcp) { meet(AF_INET, 0); }
IN_GOROUTINE(test_tcp_non_blocking) { meet(AF_INET, O_NONBLOCK); }
IN_GOROUTINE(test_local_sockets) { meet(AF_UNIX, 0); }
IN_GOROUTINE(test_local_sockets_non_blocking) { meet(AF_UNIX, O_NONBLOCK); }

/* A local connection has to wait while nobody accepts. */
static void accept_late(const place *p, int count) {
    for (int i = 0; i < count; i++) {
        gr_gosched();
        close(gr_accept(p->listener, NULL, NULL));
    }
    gr_waitgroup_done(&all);
}
IN_GOROUTINE(test_connect_waits_for_the_backlog) {
    place p = listen_at(AF_UNIX, O_NONBLOCK, 1);
    int fds[6];
    gr_waitgroup_add(&all, 1);
    go(accept_late, &p, 6);
    for (int i = 0; i < 6; i++) {
        fds[i] = socket_for(&p, O_NONBLOCK);
        EXPECT(gr_connect(fds[i], (const void *)&p.address, p.length) == 0);
    }
    gr_waitgroup_wait(&all);
    for (int i = 0; i < 6; i++) close(fds[i]);
    close(p.listener);
}

/* A bound port that nobody listens at. */
IN_GOROUTINE(test_connect_is_refused) {
    place p = listen_at(AF_INET, 0, 1);
    close(p.listener);
    for (int flags = 0; flags <= O_NONBLOCK; flags += O_NONBLOCK) {
        int fd = socket_for(&p, flags);
        errno = 0;
        EXPECT(gr_connect(fd, (const void *)&p.address, p.length) == -1 && errno == ECONNREFUSED);
        close(fd);
    }
}

/* --- errors and edges of the calls --- */

IN_GOROUTINE(test_errors_are_those_of_the_plain_calls) {
    char byte = 0;
    int fds[2];
    errno = 0;
    EXPECT(gr_read(-1, &byte, 1) == -1 && errno == EBADF);
    errno = 0;
    EXPECT(gr_write(1 << 28, &byte, 1) == -1 && errno == EBADF);
    errno = 0;
    EXPECT(gr_accept(-1, NULL, NULL) == -1 && errno == EBADF);
    errno = 0;
    EXPECT(gr_wait_fd(-5, POLLIN, 0) != 1);
    EXPECT(pipe(fds) == 0);
    errno = 0;
    EXPECT(gr_write(fds[0], &byte, 1) == -1 && errno == EBADF);
    errno = 0;
    EXPECT(gr_accept(fds[0], NULL, NULL) == -1 && errno == ENOTSOCK);
    errno = 77;
    EXPECT(gr_read(fds[0], &byte, 0) == 0 && gr_write(fds[1], &byte, 1) == 1);
    EXPECT(gr_read(fds[0], &byte, 1) == 1 && errno == 77);
    close(fds[0]);
    signal(SIGPIPE, SIG_IGN);
    errno = 0;
    EXPECT(gr_write(fds[1], &byte, 1) == -1 && errno == EPIPE);
    close(fds[1]);
    errno = 0;
    EXPECT(gr_wait_fd(fds[1], POLLIN, NEVER) == -1 && errno == EBADF);
}

static void read_and_close(int fd) {
    char bytes[10];
    EXPECT(read_all(fd, bytes, sizeof bytes));
    close(fd);
    gr_waitgroup_done(&all);
}
IN_GOROUTINE(test_write_tells_how_much_went_before_an_error) {
    int pair[2];
    char *bytes = calloc(1, MUCH);
    signal(SIGPIPE, SIG_IGN);
    EXPECT(socketpair(AF_UNIX, SOCK_STREAM, 0, pair) == 0);
    gr_waitgroup_add(&all, 1);
    go(read_and_close, pair[1]);
    ssize_t n = gr_write(pair[0], bytes, MUCH);
    EXPECT(n >= 10 && n < MUCH);
    errno = 0;
    EXPECT(gr_write(pair[0], bytes, MUCH) == -1 && errno == EPIPE);
    gr_waitgroup_wait(&all);
    close(pair[0]);
    free(bytes);
}

IN_GOROUTINE(test_regular_files) {
    char name[] = "/tmp/gorace-net-XXXXXX", bytes[300];
    int fd = mkstemp(name);
    unlink(name);
    memset(bytes, 'x', sizeof bytes);
    EXPECT(gr_write(fd, bytes, sizeof bytes) == sizeof bytes && lseek(fd, 100, SEEK_SET) == 100);
    EXPECT(gr_read(fd, bytes, 50) == 50 && gr_read(fd, bytes, sizeof bytes) == 150);
    EXPECT(gr_read(fd, bytes, sizeof bytes) == 0);
    EXPECT(gr_wait_fd(fd, POLLIN | POLLOUT, NEVER) == (POLLIN | POLLOUT));
    close(fd);
}

/* Neither knows how not to block for one call. */
IN_GOROUTINE(test_terminals) {
    char line[10] = "";
    int terminal = posix_openpt(O_RDWR | O_NOCTTY);
    if (terminal < 0 || grantpt(terminal) || unlockpt(terminal)) return;
    int inside = open(ptsname(terminal), O_RDWR | O_NOCTTY);
    if (inside >= 0) {
        EXPECT(gr_wait_fd(inside, POLLIN, 0) == 0);
        EXPECT(gr_write(terminal, "line\n", 5) == 5);
        EXPECT(gr_read(inside, line, sizeof line) == 5 && !memcmp(line, "line\n", 5));
        close(inside);
    }
    close(terminal);
}

IN_GOROUTINE(test_datagrams_stay_whole) {
    int pair[2];
    char bytes[10];
    EXPECT(socketpair(AF_UNIX, SOCK_DGRAM, 0, pair) == 0);
    for (int i = 1; i < 6; i++) EXPECT(gr_write(pair[0], "12345", (size_t)i) == i);
    for (int i = 1; i < 6; i++) EXPECT(gr_read(pair[1], bytes, sizeof bytes) == i);
    close_both(pair);
}

/* --- gr_wait_fd --- */

IN_GOROUTINE(test_wait_fd) {
    int fds[2];
    char byte;
    EXPECT(pipe(fds) == 0);
    EXPECT(gr_wait_fd(fds[0], POLLIN, 0) == 0);
    EXPECT(gr_wait_fd(fds[1], POLLIN | POLLOUT, -1) == POLLOUT);
    gr_duration begin = gr_now();
    EXPECT(gr_wait_fd(fds[0], POLLIN, 2 * GR_MILLISECOND) == 0);
    EXPECT(gr_now() - begin >= 2 * GR_MILLISECOND);
    gr_waitgroup_add(&all, 1);
    go(write_byte, fds[1]);
    EXPECT(gr_wait_fd(fds[0], POLLIN, NEVER) == POLLIN);
    EXPECT(gr_wait_fd(fds[0], POLLIN, -1) == POLLIN);
    EXPECT(gr_read(fds[0], &byte, 1) == 1 && byte == 'x');
    close(fds[1]);
    EXPECT(gr_wait_fd(fds[0], POLLIN, -1) == POLLHUP);
    close(fds[0]);
    gr_waitgroup_wait(&all);
}

/* Time and readiness race; one of them ends each wait, and nothing is lost. */
static void bytes_now_and_then(int fd, int count) {
    for (int i = 0; i < count; i++) {
        gr_sleep((i % 7) * 10 * GR_MICROSECOND);
        EXPECT(gr_write(fd, "x", 1) == 1);
    }
    gr_waitgroup_done(&all);
}
IN_GOROUTINE(test_time_outs_race_with_bytes) {
    enum { BYTES = 300 };
    int fds[2], got = 0;
    char byte;
    EXPECT(pipe(fds) == 0);
    gr_waitgroup_add(&all, 1);
    go(bytes_now_and_then, fds[1], BYTES);
    while (got < BYTES) {
        int has = gr_wait_fd(fds[0], POLLIN, 60 * GR_MICROSECOND);
        EXPECT(has == 0 || has == POLLIN);
        if (has) got += gr_read(fds[0], &byte, 1) == 1;
    }
    gr_waitgroup_wait(&all);
    close_both(fds);
}

/* --- many for one, one of many --- */

IN_GOROUTINE(test_many_read_one) {
    enum { READERS = 200 };
    int fds[2];
    char byte;
    bool seen[READERS] = {false};
    gr_chan *taken = gr_make(char, 0);
    EXPECT(pipe(fds) == 0);
    for (int i = 0; i < READERS; i++) go(take_one, fds[0], taken);
    for (int i = 0; i < READERS; i++) {
        byte = (char)i;
        EXPECT(gr_write(fds[1], &byte, 1) == 1);
    }
    for (int i = 0; i < READERS; i++) {
        gr_recv(taken, &byte);
        EXPECT(!seen[(unsigned char)byte]);
        seen[(unsigned char)byte] = true;
    }
    close_both(fds);
    gr_chan_free(taken);
}

static void pass_on(int in, int out) {
    char byte;
    while (gr_read(in, &byte, 1) == 1) EXPECT(gr_write(out, &byte, 1) == 1);
    close(in);
    close(out);
    gr_waitgroup_done(&all);
}
IN_GOROUTINE(test_ring_of_many) {
    enum { LENGTH = 400, ROUNDS = 20 };
    int first[2], at[2];
    char byte = 'r';
    EXPECT(pipe(first) == 0);
    at[0] = first[0];
    gr_waitgroup_add(&all, LENGTH);
    for (int i = 0; i < LENGTH; i++) {
        int next[2];
        EXPECT(pipe(next) == 0);
        go(pass_on, at[0], next[1]);
        at[0] = next[0];
    }
    for (int i = 0; i < ROUNDS; i++) {
        EXPECT(gr_write(first[1], &byte, 1) == 1);
        EXPECT(gr_read(at[0], &byte, 1) == 1);
    }
    close(first[1]);
    EXPECT(gr_read(at[0], &byte, 1) == 0);
    close(at[0]);
    gr_waitgroup_wait(&all);
}

/* Both directions of one descriptor at once. */
IN_GOROUTINE(test_reader_and_writer_of_one) {
    int pair[2];
    char *bytes = malloc(MUCH), byte;
    gr_chan *taken = gr_make(char, 0);
    EXPECT(socketpair(AF_UNIX, SOCK_STREAM, 0, pair) == 0);
    gr_waitgroup_add(&all, 1);
    go(take_one, pair[0], taken);
    go(write_much, pair[0]);
    EXPECT(read_all(pair[1], bytes, MUCH) && gr_write(pair[1], "x", 1) == 1);
    EXPECT(gr_recv(taken, &byte) && byte == 'x');
    gr_waitgroup_wait(&all);
    free(bytes);
    gr_chan_free(taken);
    close_both(pair);
}

static int all_tests(void) {
    const struct CMUnitTest tests[] = {
        TEST(test_blocking_pipes), TEST(test_non_blocking_pipes), TEST(test_blocking_pair),
        TEST(test_non_blocking_pair), TEST(test_thread_waits_by_itself), TEST(test_tcp),
        TEST(test_tcp_non_blocking), TEST(test_local_sockets), TEST(test_local_sockets_non_blocking),
        TEST(test_connect_waits_for_the_backlog), TEST(test_connect_is_refused),
        TEST(test_errors_are_those_of_the_plain_calls),
        TEST(test_write_tells_how_much_went_before_an_error), TEST(test_regular_files),
        TEST(test_terminals), TEST(test_datagrams_stay_whole), TEST(test_wait_fd),
        TEST(test_time_outs_race_with_bytes), TEST(test_many_read_one), TEST(test_ring_of_many),
        TEST(test_reader_and_writer_of_one),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
