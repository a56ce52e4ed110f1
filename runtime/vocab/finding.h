/* finding.h - finding.def as an enum. Anybody may include it. */
#ifndef GR_RUNTIME_VOCAB_FINDING_H
#define GR_RUNTIME_VOCAB_FINDING_H

#define FINDING(id, NAME, fail_on, rule, level, headline) GR__FINDING_##NAME = id,
enum gr__finding_kind {
#include "runtime/vocab/finding.def"
};
#undef FINDING

#endif
