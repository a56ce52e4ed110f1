/* tsan_access.c - what the compiler calls at every load and store, as
 * clang (compiler-rt's tsan_interface.h) and gcc (sanitizer.def) emit it. Any thread; a call works
 * for the actor of its thread. Names and types are the compiler's, so nothing declares them. */
#include "detector/doors/doors.h"
#include "detector/engine/access.h"

#pragma GCC diagnostic ignored "-Wmissing-prototypes"

/* The access is made right before the return address. */
#define PLACE (GR__PC - 1)

#define ACCESS(name, size, flags)                                                                 \
    GR__EXPORT void name(void *address) {                                                         \
        gr__access_fast(gr__me, (uintptr_t)address, size, flags, PLACE);                          \
    }

#define ALL_OF(size)                                                                              \
    ACCESS(__tsan_read##size, size, 0)                                                            \
    ACCESS(__tsan_write##size, size, GR__ACCESS_WRITE)                                            \
    ACCESS(__tsan_read_write##size, size, GR__ACCESS_WRITE)                                       \
    ACCESS(__tsan_volatile_read##size, size, 0)                                                   \
    ACCESS(__tsan_volatile_write##size, size, GR__ACCESS_WRITE)

#define UNALIGNED(size)                                                                           \
    ACCESS(__tsan_unaligned_read##size, size, 0)                                                  \
    ACCESS(__tsan_unaligned_write##size, size, GR__ACCESS_WRITE)                                  \
    ACCESS(__tsan_unaligned_read_write##size, size, GR__ACCESS_WRITE)                             \
    ACCESS(__tsan_unaligned_volatile_read##size, size, 0)                                         \
    ACCESS(__tsan_unaligned_volatile_write##size, size, GR__ACCESS_WRITE)

ALL_OF(1)
ALL_OF(2)
ALL_OF(4)
ALL_OF(8)
ALL_OF(16)
UNALIGNED(2)
UNALIGNED(4)
UNALIGNED(8)
UNALIGNED(16)

GR__EXPORT void __tsan_read_range(void *address, unsigned long size) {
    gr__read_range(address, size, PLACE);
}

GR__EXPORT void __tsan_write_range(void *address, unsigned long size) {
    gr__write_range(address, size, PLACE);
}

/* A constructor or destructor sets the pointer to its class's table: a write only if it changes. */
GR__EXPORT void __tsan_vptr_update(void **pointer, void *value) {
    if (*pointer != value)
        gr__access_fast(gr__me, (uintptr_t)pointer, 8, GR__ACCESS_WRITE | GR__ACCESS_VPTR, PLACE);
}

GR__EXPORT void __tsan_vptr_read(void **pointer) {
    gr__access_fast(gr__me, (uintptr_t)pointer, 8, GR__ACCESS_VPTR, PLACE);
}

GR__EXPORT void __tsan_init(void) { gr__doors_init(); }
