/* wait.h - wait.def as an enum and as words. Anybody may include it. */
#ifndef GR_RUNTIME_VOCAB_WAIT_H
#define GR_RUNTIME_VOCAB_WAIT_H

#define WAIT(id, NAME, words, waker) GR__WAIT_##NAME = id,
enum gr__wait {
#include "runtime/vocab/wait.def"
};
#undef WAIT

/* Who could end a wait. */
enum gr__waker { GR__WAKER_NOBODY, GR__WAKER_PEER, GR__WAKER_TIME, GR__WAKER_WORLD };
static inline enum gr__waker gr__waker_of(unsigned wait) {
    switch (wait) {
#define WAIT(id, NAME, words, waker) case id: return GR__WAKER_##waker;
#include "runtime/vocab/wait.def"
#undef WAIT
    default: return GR__WAKER_WORLD;
    }
}

#endif
