/* wait.h - wait.def as an enum and as words. Anybody may include it. */
#ifndef GR_RUNTIME_VOCAB_WAIT_H
#define GR_RUNTIME_VOCAB_WAIT_H

#define WAIT(id, NAME, words, waker) GR__WAIT_##NAME = id,
enum gr__wait {
#include "runtime/vocab/wait.def"
};
#undef WAIT

#endif
