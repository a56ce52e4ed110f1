/* victim.c - a program that asks the kernel for everything that the runtime ever asks it for, and whose
 * outcome is known. run.py lets requests fail. */
#include <gorace.h>
#include <pthread.h>
#include <stdio.h>
#include <stdlib.h>
#include <unistd.h>

#if defined(__SANITIZE_ADDRESS__) || defined(__SANITIZE_THREAD__)
enum { CROWD = 120, TIMERS = 70 };
#else
enum { CROWD = 1200, TIMERS = 700 };
#endif
enum { GUESTS = 2, FROM_GUEST = 50, WIDE = 12, LARGE = 100000, CHOSEN = 7, SHALLOW = 60, DEEP = 120 };
enum {
    EXPECTED = CROWD * (CROWD + 1) / 2 + TIMERS + GUESTS * FROM_GUEST * (FROM_GUEST + 1) / 2 + CHOSEN +
               SHALLOW + DEEP
};

static gr_chan *numbers;
static gr_waitgroup all;

static void send_number(gr_chan *gate, int n) {
    gr_recv(gate, NULL);
    gr_send(numbers, &n);
    gr_waitgroup_done(&all);
}

/* Stays within the 64 KiB that a stack has at the least. */
static int deep(int frames) {
    volatile char room[256];
    room[0] = 1;
    return frames ? deep(frames - 1) + room[0] : 0;
}
static void send_depth(int frames) {
    int n = deep(frames);
    gr_send(numbers, &n);
    gr_waitgroup_done(&all);
}

static void rung(void *n) {
    gr_send(numbers, n);
    gr_waitgroup_done(&all);
}

static void *guest(void *nothing) {
    (void)nothing;
    for (int i = 1; i <= FROM_GUEST; i++) gr_send(numbers, &i);
    return NULL;
}
static void join_guests(void) {
    pthread_t ids[GUESTS];
    for (int i = 0; i < GUESTS; i++)
        if (pthread_create(&ids[i], NULL, guest, NULL) != 0) abort();
    gr_blocking_begin();
    for (int i = 0; i < GUESTS; i++) pthread_join(ids[i], NULL);
    gr_blocking_end();
    gr_waitgroup_done(&all);
}

/* A pipe, of which one end blocks its thread until another goroutine writes. */
static int ends[2];
static void write_later(void) {
    if (write(ends[1], "", 1) != 1) abort();
    gr_waitgroup_done(&all);
}
static void block(void) {
    char c;
    gr_waitgroup_add(&all, 1);
    go(write_later);
    gr_blocking_begin();
    if (read(ends[0], &c, 1) != 1) abort();
    gr_blocking_end();
    gr_waitgroup_done(&all);
}

/* The same with calls that park the goroutine. */
static int quiet_ends[2];
static void write_quietly(void) {
    if (gr_write(quiet_ends[1], "", 1) != 1) abort();
    gr_waitgroup_done(&all);
}
static void read_quietly(void) {
    char c;
    gr_waitgroup_add(&all, 1);
    go(write_quietly);
    if (gr_read(quiet_ends[0], &c, 1) != 1) abort();
    gr_waitgroup_done(&all);
}

/* Wider than what a select has room for in its frame. */
static void choose(void) {
    gr_chan *channels[WIDE];
    gr_case cases[WIDE];
    int n = CHOSEN;
    for (int i = 0; i < WIDE; i++) {
        channels[i] = gr_make(int, 0);
        cases[i] = gr_case_recv(channels[i], NULL);
    }
    cases[WIDE - 1] = gr_case_send(numbers, &n);
    if (gr_select(cases, WIDE) != WIDE - 1) abort();
    for (int i = 0; i < WIDE; i++) gr_chan_free(channels[i]);
    gr_waitgroup_done(&all);
}

static void close_when_done(void) {
    gr_waitgroup_wait(&all);
    gr_close(numbers);
}

int main(void) {
    static int one = 1;
    numbers = gr_make(int, LARGE);
    gr_chan *gate = gr_make(int, 0);
    if (pipe(ends) != 0 || pipe(quiet_ends) != 0) abort();
    gr_waitgroup_add(&all, CROWD + TIMERS + 6);
    for (int i = 1; i <= CROWD; i++) go(send_number, gate, i);
    for (int i = 0; i < TIMERS; i++) gr_after_func(i % 20 * GR_MILLISECOND, rung, &one);
    go(send_depth, SHALLOW);
    go(send_depth, DEEP);
    go(read_quietly);
    go(join_guests);
    go(block);
    go(choose);
    gr_close(gate);
    go(close_when_done);
    int sum = 0;
    for (int n; gr_recv(numbers, &n);) sum += n;
    puts(sum == EXPECTED ? "as expected" : "not as expected");
    return 0;
}
