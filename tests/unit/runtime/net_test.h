/* net_test.h - what the tests of descriptors share. */
#ifndef NET_TEST_H
#define NET_TEST_H

#include "goroutine_test.h"

#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <sys/socket.h>
#include <unistd.h>

static gr_waitgroup all;

/* The tests' own goroutine is a thread's, which waits by itself: what is to park runs in another. */
static inline void run(gr_chan *done, void (*part)(void)) {
    part();
    gr_send(done, NULL);
}

static inline void in_goroutine(void (*part)(void)) {
    gr_chan *done = gr_chan_make(0, 0);
    go(run, done, part);
    gr_recv(done, NULL);
    gr_chan_free(done);
}
#define IN_GOROUTINE(name)                                                                        \
    static void name##_part(void);                                                                \
    static void name(void **state) {                                                              \
        (void)state;                                                                              \
        in_goroutine(name##_part);                                                                \
    }                                                                                             \
    static void name##_part(void)

static inline void close_both(const int *fds) {
    close(fds[0]);
    close(fds[1]);
}

static inline bool read_all(int fd, char *bytes, size_t size) {
    size_t got = 0;
    for (ssize_t n; got < size && (n = gr_read(fd, bytes + got, size - got)) > 0;) got += (size_t)n;
    return got == size;
}

/* Until the end of `in`, which it closes, and tells `out` of. */
static inline void echo(int in, int out) {
    char buffer[100];
    ssize_t n;
    while ((n = gr_read(in, buffer, sizeof buffer)) > 0) EXPECT(gr_write(out, buffer, (size_t)n) == n);
    EXPECT(n == 0);
    close(in);
    if (out != in) close(out);
    gr_waitgroup_done(&all);
}

enum { MUCH = 1 << 20 };

static inline unsigned char byte_at(int at) { return (unsigned char)(at * 31 >> 3); }

static inline void write_much(int fd) {
    unsigned char *bytes = malloc(MUCH);
    for (int i = 0; i < MUCH; i++) bytes[i] = byte_at(i);
    EXPECT(gr_write(fd, bytes, MUCH) == MUCH);
    free(bytes);
    gr_waitgroup_done(&all);
}

/* More than any buffer holds, in order. */
static inline void much_there_and_back(int out, int in) {
    unsigned char buffer[5000];
    int at = 0, bad = 0;
    gr_waitgroup_add(&all, 1);
    go(write_much, out);
    while (at < MUCH) {
        ssize_t n = gr_read(in, buffer, sizeof buffer);
        EXPECT(n > 0);
        if (n <= 0) return;
        for (ssize_t i = 0; i < n; i++, at++) bad += buffer[i] != byte_at(at);
    }
    EXPECT(bad == 0);
}

static inline void write_byte(int fd) {
    EXPECT(gr_write(fd, "x", 1) == 1);
    gr_waitgroup_done(&all);
}

static inline void take_one(int fd, gr_chan *taken) {
    char byte = 0;
    EXPECT(gr_read(fd, &byte, 1) == 1);
    gr_send(taken, &byte);
}

#endif
