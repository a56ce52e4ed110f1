/* origin.h - origin.def as an enum. Anybody may include it. */
#ifndef GR_RUNTIME_VOCAB_ORIGIN_H
#define GR_RUNTIME_VOCAB_ORIGIN_H

#define ORIGIN(id, NAME, words) GR__ORIGIN_##NAME = id,
enum gr__origin {
#include "runtime/vocab/origin.def"
};
#undef ORIGIN

#endif
