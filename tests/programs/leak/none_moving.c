// want: none
// stdout: ^woken: 2000$
/* Pointers to channels that goroutines wait for wander through slots of the heap, from hand to hand
 * of goroutines and threads that never stop, while leaks are looked for all the time. In the end
 * each is used, at random, to wake who waits. Whatever is reported is wrong. */
#include "lost.h"

#include <pthread.h>
#include <stdint.h>

enum { WAITING = 2000, SLOTS = 4096, MOVERS = 3, THREADS = 2, BOXES = 64 };

/* A slot holds a channel, bare, tagged or in a block of its own, or nothing. */
typedef struct box {
    struct box *inner;
    gr_chan *chan;
} box;
static uintptr_t *slots[BOXES]; /* atomic words in blocks of the heap */
static int stop, placed;
static gr_waitgroup woken, moved;

static uint32_t draw(uint32_t *random) {
    *random = *random * 1664525u + 1013904223u;
    return *random >> 8;
}
static uintptr_t *slot(uint32_t i) {
    return &slots[i / (SLOTS / BOXES) % BOXES][i % (SLOTS / BOXES)];
}

static void place(uintptr_t value, uint32_t *random) {
    for (;;) {
        uintptr_t none = 0;
        if (__atomic_compare_exchange_n(slot(draw(random)), &none, value, false, __ATOMIC_SEQ_CST,
                                        __ATOMIC_SEQ_CST))
            return;
    }
}
static uintptr_t take(uint32_t *random) {
    return __atomic_exchange_n(slot(draw(random)), 0, __ATOMIC_SEQ_CST);
}

/* From one dress into another: the channel itself, with a tag, into its middle, in two blocks. */
static gr_chan *undress(uintptr_t value) {
    if ((value & 7) == 3) {
        box *outer = (box *)(value - 3);
        gr_chan *c = outer->inner->chan;
        free(outer->inner);
        free(outer);
        return c;
    }
    return (gr_chan *)(value & 7 ? value - 24 - (value & 7) : value);
}
static uintptr_t dress(gr_chan *c, uint32_t how) {
    if (how % 3 == 0) return (uintptr_t)c;
    if (how % 3 == 1) return (uintptr_t)c + 24 + 1;
    box *inner = malloc(sizeof *inner), *outer = malloc(sizeof *outer);
    inner->chan = c;
    outer->inner = inner;
    return (uintptr_t)outer + 3;
}

static void move(uint32_t random) {
    while (!LOAD(stop)) {
        uintptr_t value = take(&random);
        if (value) place(dress(undress(value), draw(&random)), &random);
        if (draw(&random) % 64 == 0) gr_gosched();
    }
    gr_waitgroup_done(&moved);
}
static void *move_in_thread(void *random) {
    uint32_t r = (uint32_t)(uintptr_t)random;
    while (!LOAD(stop)) {
        uintptr_t value = take(&r);
        if (value) place(dress(undress(value), draw(&r)), &r);
    }
    return NULL;
}

static void waits(gr_chan *c) {
    gr_recv(c, NULL);
    gr_waitgroup_done(&woken);
}
static void start_all(void) {
    uint32_t random = 7;
    for (int i = 0; i < WAITING; i++) {
        gr_chan *c = gr_make(int, 0);
        go(waits, c);
        place(dress(c, i), &random);
        ADD(placed, 1);
    }
}

int main(void) {
    pthread_t threads[THREADS];
    uint32_t random = 99;
    int count = 0;
    for (int i = 0; i < BOXES; i++) slots[i] = calloc(SLOTS / BOXES, sizeof **slots);
    gr_waitgroup_add(&woken, WAITING);
    gr_waitgroup_add(&moved, MOVERS);
    for (int i = 0; i < MOVERS; i++) go(move, (uint32_t)i + 1);
    for (int i = 0; i < THREADS; i++)
        pthread_create(&threads[i], NULL, move_in_thread, (void *)(uintptr_t)(i + 50));
    go(start_all);
    gr_duration end = gr_now() + 1500 * GR_MILLISECOND;
    int known = 0;
    while (gr_now() < end || LOAD(placed) < WAITING) {
        known += gr_check_leaks() >= 0;
        gr_gosched();
    }
    STORE(stop, 1);
    gr_waitgroup_wait(&moved);
    for (int i = 0; i < THREADS; i++) pthread_join(threads[i], NULL);
    while (count < WAITING) {
        uintptr_t value = take(&random);
        if (!value) continue;
        gr_send_value(undress(value), int, 1);
        count++;
        if (count % 100 == 0) gr_check_leaks();
    }
    gr_waitgroup_wait(&woken);
    if (!known) printf("never found out\n");
    printf("woken: %d\n", count);
    return 0;
}
