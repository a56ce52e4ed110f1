/* locks.c - plain variables behind every kind of lock. Two that must be equal are, a bounded buffer is
 * neither over- nor underrun, no more hold a semaphore than may, once is once, and phases that a wait
 * group separates do not mix. */
#include "stress.h"

enum { WORKERS = 8, SLOTS = 4, ONCES = 8 };

typedef struct shop {
    gr_mutex mutex;
    uint64_t counter;                       /* mutex */
    gr_rwmutex rwmutex;
    uint64_t left, right;                   /* rwmutex */
    gr_mutex buffer_lock;
    gr_cond not_full, not_empty;
    uint32_t used, taken, put;              /* buffer_lock */
    gr_sem sem;
    int64_t size, inside;                   /* c; atomic */
    gr_once onces[ONCES];
    uint32_t workers, rounds;
    gr_waitgroup phase[2], all;
    uint64_t in_phase[2];                   /* atomic: workers that have come to it */
} shop;

/* What is done once takes no argument: it is counted over all games, and checked when none is on. */
static uint32_t once_calls;                 /* atomic */
static gr_mutex games_lock;
static uint32_t games_on, once_expected;    /* games_lock */

static void only_once(void) {
    gr_gosched();
    __atomic_add_fetch(&once_calls, 1, __ATOMIC_RELAXED);
}

static void game_begins(void) {
    gr_mutex_lock(&games_lock);
    games_on++;
    gr_mutex_unlock(&games_lock);
}
static void game_ends(void) {
    gr_mutex_lock(&games_lock);
    once_expected += ONCES;
    if (--games_on == 0) CHECK(__atomic_load_n(&once_calls, __ATOMIC_RELAXED) == once_expected);
    gr_mutex_unlock(&games_lock);
}

static void use_mutex(shop *s, dice *d) {
    if (!one_in(d, 4) || !gr_mutex_try_lock(&s->mutex)) gr_mutex_lock(&s->mutex);
    uint64_t before = s->counter;
    if (one_in(d, 16)) gr_gosched();
    s->counter = before + 1;
    gr_mutex_unlock(&s->mutex);
}

static uint64_t use_rwmutex(shop *s, dice *d) {
    if (one_in(d, 4)) {
        if (!one_in(d, 4) || !gr_rwmutex_try_lock(&s->rwmutex)) gr_rwmutex_lock(&s->rwmutex);
        s->left++;
        if (one_in(d, 8)) gr_gosched();
        s->right++;
        gr_rwmutex_unlock(&s->rwmutex);
        return 1;
    }
    if (!one_in(d, 4) || !gr_rwmutex_try_rlock(&s->rwmutex)) gr_rwmutex_rlock(&s->rwmutex);
    CHECK(s->left == s->right);
    if (one_in(d, 8)) gr_gosched();
    CHECK(s->left == s->right);
    gr_rwmutex_runlock(&s->rwmutex);
    return 0;
}

/* Each worker puts as often as it takes, so the buffer is empty at the end; odd ones take first. */
static void put(shop *s, dice *d) {
    gr_mutex_lock(&s->buffer_lock);
    while (s->used == SLOTS) gr_cond_wait(&s->not_full);
    s->used++;
    s->put++;
    CHECK(s->used <= SLOTS);
    if (one_in(d, 2)) gr_cond_signal(&s->not_empty);
    else gr_cond_broadcast(&s->not_empty);
    gr_mutex_unlock(&s->buffer_lock);
}
static void take(shop *s, dice *d) {
    gr_mutex_lock(&s->buffer_lock);
    while (s->used == 0) gr_cond_wait(&s->not_empty);
    s->used--;
    s->taken++;
    if (one_in(d, 2)) gr_cond_signal(&s->not_full);
    else gr_cond_broadcast(&s->not_full);
    gr_mutex_unlock(&s->buffer_lock);
}

static void use_sem(shop *s, dice *d) {
    int64_t want = between(d, 1, (uint32_t)s->size);
    if (!one_in(d, 4) || !gr_sem_try_acquire(&s->sem, want)) gr_sem_acquire(&s->sem, want);
    CHECK(__atomic_add_fetch(&s->inside, want, __ATOMIC_RELAXED) <= s->size);
    dawdle(d);
    __atomic_sub_fetch(&s->inside, want, __ATOMIC_RELAXED);
    gr_sem_release(&s->sem, want);
}

/* All come to phase 0 before any passes it, and all pass it before any comes to the end of phase 1. */
static void phases(shop *s) {
    for (int p = 0; p < 2; p++) {
        __atomic_add_fetch(&s->in_phase[p], 1, __ATOMIC_RELAXED);
        gr_waitgroup_done(&s->phase[p]);
        gr_waitgroup_wait(&s->phase[p]);
        CHECK(__atomic_load_n(&s->in_phase[p], __ATOMIC_RELAXED) == s->workers);
    }
}

typedef struct tally { uint64_t locked, written; } tally;

static void worker(shop *s, uint64_t seed, uint32_t me, tally *t) {
    dice d = dice_of(seed, me);
    for (uint32_t r = 0; r < s->rounds; r++) {
        switch (below(&d, 4)) {
        case 0:
            use_mutex(s, &d);
            t->locked++;
            break;
        case 1: t->written += use_rwmutex(s, &d); break;
        case 2: use_sem(s, &d); break;
        default: gr_once_do(&s->onces[below(&d, ONCES)], only_once); break;
        }
        if (me % 2) take(s, &d);
        else put(s, &d);
        dawdle(&d);
    }
    for (int i = 0; i < ONCES; i++) gr_once_do(&s->onces[i], only_once);
    phases(s);
    gr_waitgroup_done(&s->all);
}

void locks(uint64_t seed) {
    dice d = dice_of(seed, 1000);
    shop s = {.workers = 2 * between(&d, 1, WORKERS / 2), .rounds = between(&d, 10, 50 * plenty),
              .size = between(&d, 1, 5)};
    tally tallies[WORKERS] = {{0, 0}};
    game_begins();
    gr_cond_init(&s.not_full, &s.buffer_lock);
    gr_cond_init(&s.not_empty, &s.buffer_lock);
    gr_sem_init(&s.sem, s.size);
    gr_waitgroup_add(&s.all, (int)s.workers);
    for (int p = 0; p < 2; p++) gr_waitgroup_add(&s.phase[p], (int)s.workers);
    for (uint32_t i = 0; i < s.workers; i++) go(worker, &s, seed, i, &tallies[i]);
    gr_waitgroup_wait(&s.all);
    uint64_t locked = 0, written = 0;
    for (uint32_t i = 0; i < s.workers; i++) {
        locked += tallies[i].locked;
        written += tallies[i].written;
    }
    CHECK(s.counter == locked && s.left == written && s.right == written);
    game_ends();
    CHECK(s.used == 0 && s.put == s.taken && s.put == s.rounds * s.workers / 2);
}
