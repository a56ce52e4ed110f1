/* past.h - past.def as an enum. Anybody may include it. */
#ifndef GR_RUNTIME_VOCAB_PAST_H
#define GR_RUNTIME_VOCAB_PAST_H

#define PAST(id, NAME, name, words) GR__PAST_##NAME = id,
enum gr__past_kind {
#include "runtime/vocab/past.def"
};
#undef PAST

#endif
