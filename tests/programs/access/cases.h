/* cases.h - for test programs: many calls, each beside a plain access to what it reads or writes.
 *
 * A program names a table by CASES, a file of lines
 *
 *     CASE(name, type, initial, call, touched, untouched)
 *
 * where `name_x` becomes a global of the type that the call, an expression over x, reads or writes.
 * `touched` is a byte of it that the call reads or writes, `untouched` one that it does not. With RACING
 * another thread has written the former, unordered, and every name must be reported; else it did so under
 * a lock that the caller takes, writes the latter beside the call, and nothing may be. -1: there is none.
 */
#include "../together.h"

#define CASE(name, type, initial, call, touched, untouched) type name##_x = initial;
#include CASES
#undef CASE

#ifndef RACING
static pthread_mutex_t lock = PTHREAD_MUTEX_INITIALIZER;
#endif
static atomic_int written;
static volatile long sink;

#define CASE(name, type, initial, call, touched, untouched)                                       \
    __attribute__((noinline)) static void call_##name(void) {                                     \
        type *x = &name##_x;                                                                      \
        __asm__ volatile("" : "+r"(x)); /* the compiler must not know what it is */               \
        sink += (long)(call);                                                                     \
    }
#include CASES
#undef CASE

static void write_byte(void *x, size_t at) { ((volatile char *)x)[at] = ((volatile char *)x)[at]; }

/* What another thread wrote is there in time, whether it is ordered or not. */
static void caller(void) {
    step_wait_in_thread(&written, 1);
#ifndef RACING
    pthread_mutex_lock(&lock);
    pthread_mutex_unlock(&lock);
#endif
#define CASE(name, type, initial, call, touched, untouched) call_##name();
#include CASES
#undef CASE
}
static void writer(void) {
#ifndef RACING
    pthread_mutex_lock(&lock);
#endif
#define CASE(name, type, initial, call, touched, untouched) write_byte(&name##_x, touched);
#include CASES
#undef CASE
#ifndef RACING
    pthread_mutex_unlock(&lock);
#endif
    step_to(&written, 1);
#ifndef RACING
#define CASE(name, type, initial, call, touched, untouched)                                       \
    if ((untouched) >= 0) write_byte(&name##_x, (size_t)(untouched));
#include CASES
#undef CASE
#endif
}

static inline void run_cases(void) { together_in_threads(caller, writer); }
