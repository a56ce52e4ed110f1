/* libc_operators.c - C++'s operators new and delete. Any thread.
 *
 * Those of libstdc++ call malloc and free, which see the operator's caller so. A program that has the
 * library inside gets ours alone. */
#include "detector/doors/interpose.h"

#pragma GCC diagnostic ignored "-Wmissing-prototypes"

static void *new_or_null(size_t size) { return malloc(size ? size : 1); }
static void *new_plainly(size_t size) {
    void *p = new_or_null(size);
    if (!p) abort();
    return p;
}
static void *aligned_or_null(size_t size, size_t alignment) {
    void *p = NULL;
    return posix_memalign(&p, alignment < sizeof p ? sizeof p : alignment, size ? size : 1) ? NULL : p;
}
static void *aligned_plainly(size_t size, size_t alignment) {
    void *p = aligned_or_null(size, alignment);
    if (!p) abort();
    return p;
}

#define NEW(name, parameters, arguments, plainly)                                                 \
    GR__EXPORT void *name parameters {                                                            \
        INSIDE;                                                                                   \
        return REAL(name) ? REAL(name) arguments : plainly;                                       \
    }
#define DELETE(name, parameters, arguments)                                                       \
    GR__EXPORT void name parameters {                                                             \
        INSIDE;                                                                                   \
        if (REAL(name)) REAL(name) arguments;                                                     \
        else free(p);                                                                             \
    }
#define NEW_ALL(n, size_letter)                                                                   \
    NEW(_Zn##n##size_letter, (size_t size), (size), new_plainly(size))                            \
    NEW(_Zn##n##size_letter##RKSt9nothrow_t, (size_t size, const void *tag), (size, tag),         \
        new_or_null(size))                                                                        \
    NEW(_Zn##n##size_letter##St11align_val_t, (size_t size, size_t alignment), (size, alignment), \
        aligned_plainly(size, alignment))                                                         \
    NEW(_Zn##n##size_letter##St11align_val_tRKSt9nothrow_t,                                       \
        (size_t size, size_t alignment, const void *tag), (size, alignment, tag),                 \
        aligned_or_null(size, alignment))
#define DELETE_ALL(d, size_letter)                                                                \
    DELETE(_Zd##d##Pv, (void *p), (p))                                                            \
    DELETE(_Zd##d##Pv##size_letter, (void *p, size_t size), (p, size))                            \
    DELETE(_Zd##d##PvRKSt9nothrow_t, (void *p, const void *tag), (p, tag))                        \
    DELETE(_Zd##d##PvSt11align_val_t, (void *p, size_t alignment), (p, alignment))                \
    DELETE(_Zd##d##PvSt11align_val_tRKSt9nothrow_t, (void *p, size_t alignment, const void *tag), \
           (p, alignment, tag))                                                                   \
    DELETE(_Zd##d##Pv##size_letter##St11align_val_t, (void *p, size_t size, size_t alignment),    \
           (p, size, alignment))
NEW_ALL(w, m)
NEW_ALL(a, m)
DELETE_ALL(l, m)
DELETE_ALL(a, m)
