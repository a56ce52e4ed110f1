/* shapes.c - see shapes.h. A hash table of lists. */
#include "reports/shapes.h"

#include <stdlib.h>
#include <string.h>

enum { ROOM = 1 << 12, MOST = 1 << 16 };

struct shapes {
    shape *table[ROOM];
    size_t count;
};

shapes *shapes_new(void) {
    shapes *s = calloc(1, sizeof *s);
    if (!s) abort();
    return s;
}

void shapes_free(shapes *s) {
    if (!s) return;
    for (size_t i = 0; i < ROOM; i++) {
        for (shape *next, *at = s->table[i]; at; at = next) {
            next = at->next;
            free(at->pcs);
            free(at->offsets);
            free(at);
        }
    }
    free(s);
}

static size_t hash_of(const shape_key *key) {
    return (size_t)((key->pc * 31 + key->inside * 7 + key->height) * UINT64_C(0x9e3779b97f4a7c15) >> 52) % ROOM;
}

static const shape *first_of(const shape *at, const shape_key *key) {
    while (at && memcmp(&at->key, key, sizeof *key) != 0) at = at->next;
    return at;
}

const shape *shapes_of(const shapes *s, const shape_key *key) { return first_of(s->table[hash_of(key)], key); }

void shapes_add(shapes *s, const shape_key *key, const uint64_t *pcs, const uint32_t *offsets, size_t count) {
    if (s->count == MOST || !count) return;
    shape *n = calloc(1, sizeof *n);
    if (!n || !(n->pcs = malloc(count * sizeof *pcs)) || !(n->offsets = malloc(count * sizeof *offsets))) abort();
    n->key = *key;
    n->count = count;
    memcpy(n->pcs, pcs, count * sizeof *pcs);
    memcpy(n->offsets, offsets, count * sizeof *offsets);
    shape **head = &s->table[hash_of(key)];
    n->next = *head;
    *head = n;
    s->count++;
}
