/* names.c - names of threads and fibers, for reports. A name is set by its actor and may be read by any
 * thread at the same time: its memory stays, and ends in a zero always. */
#include "detector/doors/interpose.h"
#include "detector/doors/runtime_door.h"

enum { SIZE = 64 };

static gr__address_map names; /* by the actor's id */

static const void *key(uint64_t actor) { return (const void *)(uintptr_t)actor; }

void gr__name_set(const gr__actor *actor, const char *name) {
    char *text = (char *)(uintptr_t)gr__address_get(&names, key(actor->id));
    if (!text) {
        text = gr__alloc(SIZE);
        if (!text) return;
        gr__address_put(&names, key(actor->id), (uintptr_t)text);
    }
    size_t n = 0;
    for (; name && name[n] && n < SIZE - 1; n++) text[n] = name[n];
    text[n] = 0;
}

const char *gr__name_of(uint64_t actor) {
    const char *text = (const char *)(uintptr_t)gr__address_get(&names, key(actor));
    if (!text || !*text) text = gr__goroutine_name(actor);
    return text && *text ? text : NULL;
}
