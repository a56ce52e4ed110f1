/* tsan_atomic.c - what the compiler calls for C11 and C++ atomics. Any thread.
 *
 * The engine locks the object, lets `operate` do the real operation, and moves the clocks in between
 * (gr__atomic), so that the order of clocks is the order of the operations. The real operations are
 * sequentially consistent; the order asked for decides about happens-before only. */
#include "detector/doors/doors.h"

#pragma GCC diagnostic ignored "-Wmissing-prototypes"
#pragma GCC diagnostic ignored "-Wpedantic"

typedef unsigned char t8;
typedef unsigned short t16;
typedef unsigned int t32;
typedef unsigned long t64;
typedef unsigned __int128 t128;

static enum gr__memory_order order_of(int order) {
    if (GR__UNLIKELY(gr__me->unordered > 0)) return GR__RELAXED;
    unsigned plain = (unsigned)order & 0xffu; /* above: hints for elision of locks */
    return plain > GR__SEQ_CST ? GR__SEQ_CST : (enum gr__memory_order)plain;
}

/* --- the real operations; all of them from compare-exchange where there is nothing shorter --- */

#define NATIVE(bits)                                                                              \
    static inline t##bits load##bits(volatile t##bits *at) {                                      \
        return __atomic_load_n(at, __ATOMIC_SEQ_CST);                                             \
    }                                                                                             \
    static inline bool swap_if##bits(volatile t##bits *at, t##bits *expected, t##bits value) {    \
        return __atomic_compare_exchange_n(at, expected, value, false, __ATOMIC_SEQ_CST,          \
                                           __ATOMIC_SEQ_CST);                                     \
    }                                                                                             \
    static inline t##bits exchange##bits(volatile t##bits *at, t##bits value) {                   \
        return __atomic_exchange_n(at, value, __ATOMIC_SEQ_CST);                                  \
    }
NATIVE(8)
NATIVE(16)
NATIVE(32)
NATIVE(64)

#if defined(__x86_64__)
__attribute__((target("cx16"))) static bool swap_if128(volatile t128 *at, t128 *expected, t128 value) {
    t128 seen = __sync_val_compare_and_swap(at, *expected, value);
    bool swapped = seen == *expected;
    *expected = seen;
    return swapped;
}
#else
static uint32_t wide; /* lock of all 16-byte atomics: code that is built here uses no other way */
static bool swap_if128(volatile t128 *at, t128 *expected, t128 value) {
    gr__door_lock(&wide);
    bool swapped = *at == *expected;
    if (swapped) *at = value;
    else *expected = *at;
    gr__door_unlock(&wide);
    return swapped;
}
#endif
static t128 load128(volatile t128 *at) {
    t128 seen = 0;
    swap_if128(at, &seen, 0);
    return seen;
}
static t128 exchange128(volatile t128 *at, t128 value) {
    t128 seen = load128(at);
    while (!swap_if128(at, &seen, value)) {}
    return seen;
}

/* --- one of each for each size --- */

#define FETCH(bits, name, expression)                                                             \
    static enum gr__atomic_did name##bits(void *argument) {                                       \
        struct operation##bits *o = argument;                                                     \
        t##bits old = load##bits(o->at), value = o->value;                                        \
        while (!swap_if##bits(o->at, &old, (t##bits)(expression))) {}                             \
        o->value = old;                                                                           \
        return GR__DID_RMW;                                                                       \
    }                                                                                             \
    GR__EXPORT t##bits __tsan_atomic##bits##_fetch_##name(volatile t##bits *at, t##bits value,    \
                                                          int order) {                            \
        struct operation##bits o = {at, value, 0, false};                                         \
        DO(bits, GR__DID_RMW, order, order, name)                                                 \
        return o.value;                                                                           \
    }

#define DO(bits, did, order, fail_order, name)                                                    \
    gr__atomic(gr__me, (uintptr_t)at, bits / 8, did, order_of(order), order_of(fail_order),       \
               GR__PC - 1, name##bits, &o);

#define COMPARE_EXCHANGE(bits, strength)                                                          \
    GR__EXPORT int __tsan_atomic##bits##_compare_exchange_##strength(                             \
        volatile t##bits *at, t##bits *expected, t##bits value, int order, int fail_order) {      \
        struct operation##bits o = {at, value, *expected, false};                                 \
        DO(bits, GR__DID_RMW, order, fail_order, compare)                                         \
        if (!o.swapped) *expected = o.expected;                                                   \
        return o.swapped;                                                                         \
    }

#define ATOMIC(bits)                                                                              \
    struct operation##bits { volatile t##bits *at; t##bits value, expected; bool swapped; };      \
    static enum gr__atomic_did load_##bits(void *argument) {                                      \
        struct operation##bits *o = argument;                                                     \
        o->value = load##bits(o->at);                                                             \
        return GR__DID_LOAD;                                                                      \
    }                                                                                             \
    GR__EXPORT t##bits __tsan_atomic##bits##_load(const volatile t##bits *from, int order) {      \
        volatile t##bits *at = (volatile t##bits *)(uintptr_t)from;                               \
        struct operation##bits o = {at, 0, 0, false};                                             \
        DO(bits, GR__DID_LOAD, order, order, load_)                                               \
        return o.value;                                                                           \
    }                                                                                             \
    static enum gr__atomic_did store_##bits(void *argument) {                                     \
        struct operation##bits *o = argument;                                                     \
        exchange##bits(o->at, o->value);                                                          \
        return GR__DID_STORE;                                                                     \
    }                                                                                             \
    GR__EXPORT void __tsan_atomic##bits##_store(volatile t##bits *at, t##bits value, int order) { \
        struct operation##bits o = {at, value, 0, false};                                         \
        DO(bits, GR__DID_STORE, order, order, store_)                                             \
    }                                                                                             \
    static enum gr__atomic_did exchange_##bits(void *argument) {                                  \
        struct operation##bits *o = argument;                                                     \
        o->value = exchange##bits(o->at, o->value);                                               \
        return GR__DID_RMW;                                                                       \
    }                                                                                             \
    GR__EXPORT t##bits __tsan_atomic##bits##_exchange(volatile t##bits *at, t##bits value,        \
                                                      int order) {                                \
        struct operation##bits o = {at, value, 0, false};                                         \
        DO(bits, GR__DID_RMW, order, order, exchange_)                                            \
        return o.value;                                                                           \
    }                                                                                             \
    FETCH(bits, add, old + value)                                                                 \
    FETCH(bits, sub, old - value)                                                                 \
    FETCH(bits, and, old & value)                                                                 \
    FETCH(bits, or, old | value)                                                                  \
    FETCH(bits, xor, old ^ value)                                                                 \
    FETCH(bits, nand, ~(old & value))                                                             \
    static enum gr__atomic_did compare##bits(void *argument) {                                    \
        struct operation##bits *o = argument;                                                     \
        o->swapped = swap_if##bits(o->at, &o->expected, o->value);                                \
        return o->swapped ? GR__DID_RMW : GR__DID_LOAD;                                           \
    }                                                                                             \
    COMPARE_EXCHANGE(bits, strong)                                                                \
    COMPARE_EXCHANGE(bits, weak)                                                                  \
    GR__EXPORT t##bits __tsan_atomic##bits##_compare_exchange_val(                                \
        volatile t##bits *at, t##bits expected, t##bits value, int order, int fail_order) {       \
        struct operation##bits o = {at, value, expected, false};                                  \
        DO(bits, GR__DID_RMW, order, fail_order, compare)                                         \
        return o.expected;                                                                        \
    }

ATOMIC(8)
ATOMIC(16)
ATOMIC(32)
ATOMIC(64)
ATOMIC(128)

GR__EXPORT void __tsan_atomic_thread_fence(int order) {
    __atomic_thread_fence(__ATOMIC_SEQ_CST);
    gr__fence(gr__me, order_of(order));
}

/* Orders a thread with its own signal handlers: nothing between threads. */
GR__EXPORT void __tsan_atomic_signal_fence(int order) { (void)order; }
