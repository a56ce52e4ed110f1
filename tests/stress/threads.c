/* threads.c - threads that are not the runtime's use channels, locks and timers and start goroutines;
 * goroutines block their threads with notice; the number of processors changes meanwhile. */
#include "stress.h"

#include <pthread.h>
#include <stdlib.h>
#include <unistd.h>

enum { THREADS = 4 };

typedef struct visit {
    uint64_t seed;
    gr_chan *out, *back;
    gr_mutex mutex;
    uint64_t counter;           /* mutex */
    uint64_t echoed;            /* atomic */
    uint32_t rounds;            /* c */
    gr_waitgroup echoes, children;
} visit;

typedef struct guest {
    visit *v;
    uint32_t me;
} guest;

static void child(visit *v) {
    gr_mutex_lock(&v->mutex);
    v->counter++;
    gr_mutex_unlock(&v->mutex);
    gr_waitgroup_done(&v->children);
}

/* Sends numbers and takes back as many, whose ever they are. */
static void *run_guest(void *argument) {
    guest *g = argument;
    visit *v = g->v;
    dice d = dice_of(v->seed, g->me);
    uint32_t sent = 0, taken = 0;
    while (sent < v->rounds || taken < v->rounds) {
        uint64_t number = sent, got;
        gr_case cases[] = {gr_case_send(sent < v->rounds ? v->out : NULL, &number),
                           gr_case_recv(taken < v->rounds ? v->back : NULL, &got)};
        int chosen = one_in(&d, 4) ? gr_select_default(cases, 2) : gr_select(cases, 2);
        sent += chosen == 0;
        taken += chosen == 1;
        if (one_in(&d, 8)) {
            gr_waitgroup_add(&v->children, 1);
            go(child, v);
            gr_mutex_lock(&v->mutex);
            v->counter--;
            gr_mutex_unlock(&v->mutex);
        }
        if (one_in(&d, 32)) gr_sleep(50 * GR_MICROSECOND);
        dawdle(&d);
    }
    return NULL;
}

static void echo(visit *v) {
    for (uint64_t n; gr_recv(v->out, &n);) {
        gr_send(v->back, &n);
        __atomic_add_fetch(&v->echoed, 1, __ATOMIC_RELAXED);
    }
    gr_waitgroup_done(&v->echoes);
}

/* A pipe between two goroutines of which one blocks its thread. */
static void write_later(int fd, gr_waitgroup *done) {
    gr_gosched();
    CHECK(write(fd, "x", 1) == 1);
    gr_waitgroup_done(done);
}
static void block(visit *v, uint32_t times) {
    int ends[2];
    CHECK(pipe(ends) == 0);
    gr_waitgroup written = {0};
    for (uint32_t i = 0; i < times; i++) {
        char c;
        gr_waitgroup_add(&written, 1);
        go(write_later, ends[1], &written);
        gr_blocking_begin();
        CHECK(read(ends[0], &c, 1) == 1);
        gr_blocking_end();
    }
    gr_waitgroup_wait(&written);
    close(ends[0]);
    close(ends[1]);
    gr_waitgroup_done(&v->echoes);
}

static void change_processors(visit *v, uint64_t seed) {
    dice d = dice_of(seed, 500);
    for (uint32_t i = between(&d, 1, 20); i > 0; i--) {
        CHECK(gr_gomaxprocs((int)between(&d, 1, 16)) >= 1);
        dawdle(&d);
    }
    gr_waitgroup_done(&v->echoes);
}

void threads(uint64_t seed) {
    dice d = dice_of(seed, 1000);
    uint32_t n = between(&d, 1, THREADS), echoes = between(&d, 1, 4);
    visit v = {.seed = seed, .rounds = between(&d, 1, 40 * plenty)};
    v.out = gr_make(uint64_t, below(&d, 4));
    v.back = gr_make(uint64_t, below(&d, 4));
    gr_waitgroup_add(&v.echoes, (int)echoes + 2);
    for (uint32_t i = 0; i < echoes; i++) go(echo, &v);
    pthread_t ids[THREADS];
    guest guests[THREADS];
    for (uint32_t i = 0; i < n; i++) {
        guests[i] = (guest){&v, i};
        CHECK(pthread_create(&ids[i], NULL, run_guest, &guests[i]) == 0);
    }
    go(block, &v, between(&d, 1, 8));
    go(change_processors, &v, seed);
    gr_blocking_begin();
    for (uint32_t i = 0; i < n; i++) CHECK(pthread_join(ids[i], NULL) == 0);
    gr_blocking_end();
    gr_close(v.out);
    gr_waitgroup_wait(&v.echoes);
    gr_waitgroup_wait(&v.children);
    CHECK(v.counter == 0 && v.echoed == (uint64_t)n * v.rounds);
    gr_chan_free(v.out);
    gr_chan_free(v.back);
}
