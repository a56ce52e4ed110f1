/* reach.c - how long the search for leaked goroutines stops the program: 100,000 goroutines that
 * wait, each for a channel of its own, half of which nobody can reach; and a heap of 1 GiB in
 * blocks of 16 bytes to 1 MiB that hold numbers, text and pointers to each other. Built by `gorace
 * cc`; prints milliseconds of each of some searches, by the clock and of this thread's processor
 * time.
 *
 *   reach [GOROUTINES [MEGABYTES]]
 */
#include <gorace.h>
#include <stdio.h>
#include <stdlib.h>
#include <time.h>

typedef struct block {
    struct block *next, *other;
    size_t size;
    uint64_t words[];
} block;

static gr_chan **held; /* what can be reached */
static block *heap;
static block *some[256]; /* which are pointed to, too */

static void wait(gr_chan *c) { gr_recv(c, NULL); }

static void start_all(int n) {
    held = calloc((size_t)n, sizeof *held);
    for (int i = 0; i < n; i++) {
        gr_chan *c = gr_make(int, 0);
        if (i % 2) held[i] = c;
        go(wait, c);
    }
}

static void fill(block *b, uint32_t *random) {
    size_t n = (b->size - sizeof *b) / 8;
    for (size_t i = 0; i < n; i++) {
        *random = *random * 1664525u + 1013904223u;
        b->words[i] = i % 16 == 0 ? (uintptr_t)some[*random >> 24]
                      : i % 3     ? *random >> 8
                                  : (uint64_t)*random << 32 | *random;
    }
}

static void make_heap(size_t bytes) {
    static const size_t sizes[] = {48, 200, 1024, 1024, 4096, 4096, 16384, 1 << 20};
    uint32_t random = 1;
    for (size_t made = 0, i = 0; made < bytes; i++) {
        block *b = malloc(sizes[i % 8]);
        b->size = sizes[i % 8];
        b->next = heap;
        b->other = heap && i % 5 == 0 ? heap->next : NULL;
        heap = b;
        fill(b, &random);
        some[random >> 16 & 255] = b;
        made += b->size;
    }
}

static gr_duration worked(void) {
    struct timespec t;
    clock_gettime(CLOCK_THREAD_CPUTIME_ID, &t);
    return t.tv_sec * GR_SECOND + t.tv_nsec;
}

int main(int argc, char **argv) {
    int n = argc > 1 ? atoi(argv[1]) : 100000;
    size_t megabytes = argc > 2 ? (size_t)atol(argv[2]) : 1024;
    make_heap(megabytes << 20);
    start_all(n);
    gr_gosched();
    for (int i = 0; i < 4; i++) {
        gr_duration begun = gr_now(), busy = worked();
        int stuck = gr_check_leaks();
        printf("%.1f ms, %.1f ms of processor, %d stuck\n", (double)(gr_now() - begun) / 1e6,
               (double)(worked() - busy) / 1e6, stuck);
        fflush(stdout);
    }
    _Exit(0);
}
