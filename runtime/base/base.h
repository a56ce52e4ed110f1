/* base.h - front door of the base room: atomics, locks, memory and copying that need nothing but
 * the kernel. Everything above may call it. No malloc, no stdio.
 */
#ifndef GR_RUNTIME_BASE_H
#define GR_RUNTIME_BASE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#define GR__LIKELY(x) __builtin_expect(!!(x), 1)
#define GR__UNLIKELY(x) __builtin_expect(!!(x), 0)
#define GR__NOINLINE __attribute__((noinline))
#define GR__INLINE static inline __attribute__((always_inline, unused)) /* on paths whose instructions count */
#define GR__PAGE ((size_t)4096)

/* The compiler's own sanitizers, in test builds: gcc says it by a macro, clang by a feature. */
#ifdef __has_feature
#if __has_feature(address_sanitizer)
#define GR__ADDRESS_SANITIZED 1
#endif
#if __has_feature(thread_sanitizer)
#define GR__THREAD_SANITIZED 1
#endif
#endif
#ifdef __SANITIZE_ADDRESS__
#define GR__ADDRESS_SANITIZED 1
#endif
#ifdef __SANITIZE_THREAD__
#define GR__THREAD_SANITIZED 1
#endif

/* Builds for the runtime's own tests (GR_CHECKED): now and then a thread steps aside before it takes
 * a lock, after it has left one, and before it changes a word that others change too. */
#ifdef GR_CHECKED
void gr__perturb(void);
#else
static inline void gr__perturb(void) {}
#endif

/* Atomics: sequentially consistent unless the name says otherwise. */
#define GR__LOAD(p) __atomic_load_n((p), __ATOMIC_SEQ_CST)
#define GR__LOAD_ACQUIRE(p) __atomic_load_n((p), __ATOMIC_ACQUIRE)
#define GR__LOAD_RELAXED(p) __atomic_load_n((p), __ATOMIC_RELAXED)
#define GR__STORE(p, v) (gr__perturb(), __atomic_store_n((p), (v), __ATOMIC_SEQ_CST))
#define GR__STORE_RELEASE(p, v) __atomic_store_n((p), (v), __ATOMIC_RELEASE)
#define GR__STORE_RELAXED(p, v) __atomic_store_n((p), (v), __ATOMIC_RELAXED)
#define GR__ADD(p, v) (gr__perturb(), __atomic_add_fetch((p), (v), __ATOMIC_SEQ_CST))
#define GR__SWAP(p, v) (gr__perturb(), __atomic_exchange_n((p), (v), __ATOMIC_SEQ_CST))
#define GR__CAS(p, expected, v) \
    (gr__perturb(), __atomic_compare_exchange_n((p), (expected), (v), false, __ATOMIC_SEQ_CST, \
                                                __ATOMIC_SEQ_CST))

/* Stores before it are seen before loads after it are done. ThreadSanitizer knows no fences. */
static inline void gr__full_fence(void) {
#ifdef GR__THREAD_SANITIZED
    uint32_t word = 0;
    __atomic_exchange_n(&word, 1, __ATOMIC_SEQ_CST);
#else
    __atomic_thread_fence(__ATOMIC_SEQ_CST);
#endif
}

static inline void gr__pause(void) {
#if defined(__x86_64__)
    __builtin_ia32_pause();
#elif defined(__aarch64__)
    __asm__ volatile("yield");
#endif
}

/* --- lock: 0 free, 1 taken. For stretches of tens of nanoseconds: to give it back is one plain store,
 * so who finds it taken spins, then yields the processor, then sleeps for ever longer. Never held
 * across a goroutine switch. Any thread. --- */
void gr__lock_slow(uint32_t *lock);
extern __thread uint32_t gr__lock_fights;   /* a: how often this thread has found one taken; it alone writes */
static inline void gr__lock(uint32_t *lock) {
    uint32_t free = 0;
    gr__perturb();
    if (GR__UNLIKELY(!__atomic_compare_exchange_n(lock, &free, 1, false, __ATOMIC_ACQUIRE,
                                                  __ATOMIC_RELAXED)))
        gr__lock_slow(lock);
}
static inline void gr__unlock(uint32_t *lock) {
    GR__STORE_RELEASE(lock, 0);
    gr__perturb();
}

/* --- pages: zeroed memory straight from the kernel; NULL when there is none. In race builds it lies within
 * these bounds, below where programs do, so that who looks for what the program can reach leaves it out. --- */
#define GR__PAGES_LOW ((uintptr_t)0x550000000000)
#define GR__PAGES_HIGH ((uintptr_t)0x555000000000)
void *gr__pages(size_t size);
void gr__pages_free(void *pages, size_t size);

/* --- blocks of any size, zeroed, aligned to 16; NULL when there is none. Any thread. --- */
void *gr__alloc(size_t size);
void gr__free(void *block, size_t size);
/* Where they keep account of blocks that were given back, and of what was never given: for who looks for what the
 * program can reach. */
void gr__memory_accounts(uintptr_t *low, uintptr_t *high);

/* --- copying: never a call of memcpy or memset, which the detector sees as the user's. The empty asm
 * keeps compilers from making one of a loop. --- */
typedef uint64_t __attribute__((may_alias, aligned(1))) gr__word;
typedef uint32_t __attribute__((may_alias, aligned(1))) gr__half_word;
static inline void gr__copy(void *to, const void *from, size_t n) {
#if defined(GR__ADDRESS_SANITIZED) || defined(GR__THREAD_SANITIZED)
    __builtin_memcpy(to, from, n);      /* which the sanitizer sees */
    return;
#endif
    if (n == 8) {
        *(gr__word *)to = *(const gr__word *)from;
        return;
    }
    if (n == 4) {
        *(gr__half_word *)to = *(const gr__half_word *)from;
        return;
    }
    char *t = to;
    const char *f = from;
#if defined(__x86_64__)
    if (n >= 256) {
        __asm__ volatile("rep movsb" : "+D"(t), "+S"(f), "+c"(n) : : "memory");
        return;
    }
#endif
    for (; n >= 8; n -= 8, t += 8, f += 8) {
        *(gr__word *)(void *)t = *(const gr__word *)(const void *)f;
        __asm__ volatile("" ::: "memory");
    }
    for (; n; n--) {
        *t++ = *f++;
        __asm__ volatile("" ::: "memory");
    }
}
static inline void gr__zero(void *to, size_t n) {
#if defined(GR__ADDRESS_SANITIZED) || defined(GR__THREAD_SANITIZED)
    __builtin_memset(to, 0, n);
    return;
#endif
    char *t = to;
#if defined(__x86_64__)
    if (n >= 256) {
        __asm__ volatile("rep stosb" : "+D"(t), "+c"(n) : "a"(0) : "memory");
        return;
    }
#endif
    for (; n >= 8; n -= 8, t += 8) {
        *(gr__word *)(void *)t = 0;
        __asm__ volatile("" ::: "memory");
    }
    for (; n; n--) {
        *t++ = 0;
        __asm__ volatile("" ::: "memory");
    }
}

#endif
