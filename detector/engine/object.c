/* object.c - synchronisation objects and heap blocks by their address. A word of the table locks
 * and heads the list of what lives in its 8 bytes.
 */
#include "detector/engine/internal.h"

#define LOCK GR__OBJECT_LOCK
#define LIMIT (1u << 28)

gr__table gr__objects;
gr__pool gr__object_pool;

bool gr__object_open(void) {
    return gr__table_open(&gr__objects) && gr__pool_open(&gr__object_pool, sizeof(gr__object), LIMIT);
}

void gr__object_reset(void) {
    gr__table_reset(&gr__objects);
    gr__pool_reset(&gr__object_pool);
}

static gr__object *at(uint32_t id) { return gr__object_at(id); }

void gr__object_wait(uint32_t *word) {
    unsigned turns = 0;
    do
        while (__atomic_load_n(word, __ATOMIC_RELAXED) & LOCK) gr__spin_wait(&turns);
    while (__atomic_fetch_or(word, LOCK, __ATOMIC_ACQUIRE) & LOCK);
}
static void lock(uint32_t *word) {
    if (__atomic_fetch_or(word, LOCK, __ATOMIC_ACQUIRE) & LOCK) gr__object_wait(word);
}

gr__object *gr__object_make(uint32_t *word, enum gr__object_kind kind, uintptr_t address) {
    uint32_t id = gr__pool_take(&gr__object_pool);
    if (!id) return NULL;
    *at(id) = (gr__object){.next = *word & ~LOCK, .kind = kind, .address = address};
    __atomic_store_n(word, LOCK | id, __ATOMIC_RELAXED);
    return at(id);
}

struct range { uintptr_t low, high; unsigned kinds; };

static void drop_in(uint32_t *word, const struct range *r) {
    if (!__atomic_load_n(word, __ATOMIC_RELAXED)) return;
    lock(word);
    uint32_t kept = 0, next;
    for (uint32_t id = *word & ~LOCK; id; id = next) {
        gr__object *o = at(id);
        next = o->next;
        uintptr_t address = o->address & ~GR__OBJECT_SECOND;
        if (address < r->low || address >= r->high || !(r->kinds >> o->kind & 1)) {
            o->next = kept;
            kept = id;
            continue;
        }
        if (o->kind == GR__OBJECT_SYNC) gr__knowledge_drop(&o->is.vector.knows);
        gr__pool_give(&gr__object_pool, id);
    }
    __atomic_store_n(word, kept, __ATOMIC_RELEASE);
}

static void drop_words(uint32_t *words, size_t count, uintptr_t address, void *argument) {
    (void)address;
    for (size_t i = 0; i < count; i++) drop_in(&words[i], argument);
}

void gr__object_drop(uintptr_t low, size_t size, unsigned kinds) {
    if (!size || !gr__shadow_covers(low) || !gr__shadow_covers(low + size - 1)) return;
    struct range r = {low, low + size, kinds};
    gr__table_each(&gr__objects, low, low + size, drop_words, &r);
}
