/* unseen.h - a counter that the detector knows nothing of: it orders nothing, and is no memory that so many
 * share. Compilers do not instrument what assembly does. */
#ifndef TORTURE_UNSEEN_H
#define TORTURE_UNSEEN_H

static inline void unseen_add(long *counter) { __asm__ volatile("lock incq %0" : "+m"(*counter)); }
static inline long unseen_get(const long *counter) {
    long value;
    __asm__ volatile("movq %1, %0" : "=r"(value) : "m"(*counter));
    return value;
}

#endif
