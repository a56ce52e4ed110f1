/* words.h - sixteen bytes at once. Engine only.
 *
 * One instruction writes them, so a signal handler of the same thread never finds half of them. No other
 * thread may look.
 */
#ifndef GR_DETECTOR_ENGINE_WORDS_H
#define GR_DETECTOR_ENGINE_WORDS_H

#include <stdint.h>

typedef long long gr__words16 __attribute__((vector_size(16)));

static inline void gr__words16_store(gr__words16 *at, gr__words16 v) {
#if defined(__x86_64__)
    __asm__ volatile("movdqa %1, %0" : "=m"(*at) : "x"(v));
#else
    __asm__ volatile("str %q1, %0" : "=m"(*at) : "w"(v));
#endif
}

#endif
