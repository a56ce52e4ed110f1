/* checksum.h - the checksum of a trace's header. Trace only, both sides.
 * FNV-1a, 64 bits (Fowler, Noll, Vo, 1991), of the bytes before it, with flags taken as 0. */
#ifndef GR_DETECTOR_TRACE_CHECKSUM_H
#define GR_DETECTOR_TRACE_CHECKSUM_H

#include "detector/trace/trace.h"

static inline uint64_t gr__trace_checksum(const gr__trace_header *header) {
    const unsigned char *bytes = (const unsigned char *)header;
    uint64_t sum = 0xcbf29ce484222325ull;
    size_t flags = offsetof(gr__trace_header, flags);
    for (size_t i = 0; i < offsetof(gr__trace_header, checksum); i++) {
        bool skip = i >= flags && i < flags + sizeof header->flags;
        sum = (sum ^ (skip ? 0 : bytes[i])) * 0x100000001b3ull;
    }
    return sum;
}

#endif
