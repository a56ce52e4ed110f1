/* lock.h - lock.def as an enum. Anybody may include it. */
#ifndef GR_RUNTIME_VOCAB_LOCK_H
#define GR_RUNTIME_VOCAB_LOCK_H

#define LOCK(id, NAME, type) GR__LOCK_##NAME = id,
enum gr__lock_kind {
#include "runtime/vocab/lock.def"
};
#undef LOCK

#endif
