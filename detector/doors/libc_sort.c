/* libc_sort.c - qsort and bsearch: the array, and the comparing functions that libc calls. Any thread.
 *
 * Elements are moved by code that nobody sees, so sorting is one write of the array. What a search reads,
 * its function reads itself. */
#include "detector/doors/interpose.h"

GR__EXPORT void qsort(void *array, size_t n, size_t size, int (*compare)(const void *, const void *)) {
    HERE;
    if (n > 1) WRITES(array, n * size);
    INSIDE;
    REAL(qsort)(array, n, size, compare);
}
GR__EXPORT void qsort_r(void *array, size_t n, size_t size,
                        int (*compare)(const void *, const void *, void *), void *argument) {
    HERE;
    if (n > 1) WRITES(array, n * size);
    INSIDE;
    REAL(qsort_r)(array, n, size, compare, argument);
}
#undef bsearch
GR__EXPORT void *bsearch(const void *key, const void *array, size_t n, size_t size,
                         int (*compare)(const void *, const void *)) {
    INSIDE;
    return REAL(bsearch)(key, array, n, size, compare);
}
