/* shapes.h - stacks that were unwound before. Of a hundred thousand goroutines most wait at the same few
 * places, and their stacks have the same return addresses at the same places: that is a shape. Private to
 * reports/. */
#ifndef GR_REPORTS_SHAPES_H
#define GR_REPORTS_SHAPES_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

typedef struct shapes shapes;

/* How a stack begins and how much of it is in use. */
typedef struct shape_key {
    uint64_t pc, inside, height;
} shape_key;

typedef struct shape {
    shape_key key;
    size_t count;
    uint64_t *pcs;          /* innermost first */
    uint32_t *offsets;      /* where each but the first was read, from the stack pointer on */
    struct shape *next;     /* of the same key */
} shape;

shapes *shapes_new(void);
void shapes_free(shapes *s);
/* The first one of that key; NULL: none. */
const shape *shapes_of(const shapes *s, const shape_key *key);
/* A stack of that key was unwound; pcs and offsets are copied. Beyond a limit nothing is kept. */
void shapes_add(shapes *s, const shape_key *key, const uint64_t *pcs, const uint32_t *offsets, size_t count);

#endif
