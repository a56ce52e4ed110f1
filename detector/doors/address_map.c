/* address_map.c - a small hash of addresses; see interpose.h. The map's lock guards it. */
#include "detector/doors/interpose.h"

typedef struct gr__address_entry {
    struct gr__address_entry *next;
    uintptr_t address;
    uint64_t value;
} entry;

static entry **place(gr__address_map *map, uintptr_t address) {
    entry **at = &map->buckets[address * 0x9e3779b97f4a7c15ull >> 56];
    while (*at && (*at)->address != address) at = &(*at)->next;
    return at;
}

uint64_t gr__address_get(gr__address_map *map, const volatile void *address) {
    gr__door_lock(&map->lock);
    entry *e = *place(map, (uintptr_t)address);
    uint64_t value = e ? e->value : 0;
    gr__door_unlock(&map->lock);
    return value;
}

uint64_t gr__address_put(gr__address_map *map, const volatile void *address, uint64_t value) {
    entry *spare = value ? gr__alloc(sizeof *spare) : NULL, *gone = NULL;
    uint64_t old = 0;
    gr__door_lock(&map->lock);
    entry **at = place(map, (uintptr_t)address);
    if (*at) {
        old = (*at)->value;
        (*at)->value = value;
        if (!value) {
            gone = *at;
            *at = gone->next;
        }
    } else if (spare) {
        *spare = (entry){NULL, (uintptr_t)address, value};
        *at = spare;
        spare = NULL;
    }
    gr__door_unlock(&map->lock);
    if (spare) gr__free(spare, sizeof *spare);
    if (gone) gr__free(gone, sizeof *gone);
    return old;
}

void gr__address_each(gr__address_map *map, uint64_t value, void (*f)(uintptr_t address)) {
    gr__door_lock(&map->lock);
    for (unsigned i = 0; i < sizeof map->buckets / sizeof map->buckets[0]; i++)
        for (const entry *e = map->buckets[i]; e; e = e->next)
            if (e->value == value) f(e->address);
    gr__door_unlock(&map->lock);
}
