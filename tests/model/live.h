/* live.h - what the programs of emit.c are made of: one line for a step, each step in a function of its
 * own, so that a report names it. */
#ifndef GR_TESTS_MODEL_LIVE_H
#define GR_TESTS_MODEL_LIVE_H

#include <gorace.h>
#include <pthread.h>
#include <sched.h>
#include <semaphore.h>
#include <stdlib.h>
#include <string.h>

#include "turnstile.h"

extern void AnnotateNewMemory(const char *file, int line, const volatile void *memory, long size);

__extension__ typedef unsigned __int128 u16;
typedef uint8_t u1;
typedef uint16_t u2;
typedef uint32_t u4;
typedef uint64_t u8;

/* At any address. */
typedef struct __attribute__((packed)) any1 { u1 v; } any1;
typedef struct __attribute__((packed)) any2 { u2 v; } any2;
typedef struct __attribute__((packed)) any4 { u4 v; } any4;
typedef struct __attribute__((packed)) any8 { u8 v; } any8;
typedef struct __attribute__((packed)) any16 { u16 v; } any16;

#define STEP static __attribute__((noinline)) void
#define USE(x) __asm__ volatile("" : : "m"(x))

#define READ(n, at) { u##n x = *(const u##n *)(const void *)(m + at); USE(x); }
#define WRITE(n, at) { *(u##n *)(void *)(m + at) = 1; }
#define READ_ANY(n, at) { u##n x = ((const any##n *)(const void *)(m + at))->v; USE(x); }
#define WRITE_ANY(n, at) { ((any##n *)(void *)(m + at))->v = 1; }
#define READ_RANGE(n, at) { char x[256]; memcpy(x, m + at, turn_opaque(n)); USE(x); }
#define WRITE_RANGE(n, at) { memset(m + at, 1, turn_opaque(n)); }
#define LOAD(n, at, order) { u##n x = __atomic_load_n((u##n *)(void *)(m + at), order); USE(x); }
#define STORE(n, at, order) { __atomic_store_n((u##n *)(void *)(m + at), 1, order); }
/* An exchange whose result nobody wants is a store for clang, and ends a release sequence. */
#define ADD(n, at, order) { u##n x = __atomic_fetch_add((u##n *)(void *)(m + at), 1, order); USE(x); }
#define SWAP(n, at, order) { u##n x = __atomic_exchange_n((u##n *)(void *)(m + at), 1, order); USE(x); }
/* Nobody writes what it looks for. */
#define CAS_FAILED(n, at, order, fail_order)                                                                  \
    {                                                                                                         \
        u##n x = (u##n)-77;                                                                                   \
        if (__atomic_compare_exchange_n((u##n *)(void *)(m + at), &x, 1, 0, order, fail_order)) abort();      \
    }

/* A place of the turnstile: 0 the block, the others actors. */
#define BLOCK(low) ((char *)turn_kept(0) - low)

typedef struct live {
    _Alignas(64) char memory[128];
    gr_mutex mutexes[2];
    gr_rwmutex rwmutexes[2];
    gr_waitgroup groups[2];
    gr_chan *channels[2], *meeting;
    pthread_mutex_t pthread_mutexes[2];
    pthread_rwlock_t rwlocks[2];
    sem_t semaphores[2];
} live;

static inline void goroutine_mutex(live *l, int k) {
    gr_mutex_lock(&l->mutexes[k]);
    gr_mutex_unlock(&l->mutexes[k]);
}
static inline void goroutine_shared(live *l, int k) {
    gr_rwmutex_rlock(&l->rwmutexes[k]);
    gr_rwmutex_runlock(&l->rwmutexes[k]);
}
static inline void goroutine_exclusive(live *l, int k) {
    gr_rwmutex_lock(&l->rwmutexes[k]);
    gr_rwmutex_unlock(&l->rwmutexes[k]);
}
static inline void goroutine_wait(live *l, int k) { gr_waitgroup_wait(&l->groups[k]); }
static inline void goroutine_done(live *l, int k) {
    gr_waitgroup_add(&l->groups[k], 1);
    gr_waitgroup_done(&l->groups[k]);
}

static inline void thread_mutex(live *l, int k) {
    pthread_mutex_lock(&l->pthread_mutexes[k]);
    pthread_mutex_unlock(&l->pthread_mutexes[k]);
}
static inline void thread_shared(live *l, int k) {
    pthread_rwlock_rdlock(&l->rwlocks[k]);
    pthread_rwlock_unlock(&l->rwlocks[k]);
}
static inline void thread_exclusive(live *l, int k) {
    pthread_rwlock_wrlock(&l->rwlocks[k]);
    pthread_rwlock_unlock(&l->rwlocks[k]);
}
static inline void thread_wait(live *l, int k) { sem_wait(&l->semaphores[k]); }
static inline void thread_done(live *l, int k) { sem_post(&l->semaphores[k]); }

static inline void thread_start(unsigned place, void *(*run)(void *), int joined) {
    pthread_t id;
    pthread_attr_t attributes;
    pthread_attr_init(&attributes);
    if (!joined) pthread_attr_setdetachstate(&attributes, PTHREAD_CREATE_DETACHED);
    if (pthread_create(&id, &attributes, run, NULL)) abort();
    pthread_attr_destroy(&attributes);
    turn_keep(place, (void *)id);
}

static inline void live_begin(live *l, int goroutines) {
    for (int i = 0; i < 128; i++) gr_race_enable(); /* what the last program's main left */
    for (int i = 0; i < 2; i++) {
        if (goroutines) l->channels[i] = gr_make(int, 2);
        pthread_mutex_init(&l->pthread_mutexes[i], NULL);
        pthread_rwlock_init(&l->rwlocks[i], NULL);
        sem_init(&l->semaphores[i], 0, 1000);
    }
    if (goroutines) l->meeting = gr_make(int, 0);
}

#endif
