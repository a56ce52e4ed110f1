/* heap.c - heap blocks: who allocated, who freed. A block is an object at its first byte; what was
 * freed is remembered until its memory is handed out again. Blocks belong to who locked their word.
 */
#include "detector/engine/internal.h"

#include "detector/locks/locks.h"

static uintptr_t not_lowest; /* atomic: no block starts below its complement, which would be a pointer to one */
static size_t largest;                 /* atomic: no block is larger */

/* Blocks of this size are given back to the kernel at once, and what is mapped there next is no
 * block: their past must go with them. */
#define UNMAPPED_SIZE ((size_t)128 * 1024)
#define BLOCKS_AND_SYNCS (1u << GR__OBJECT_SYNC | 1u << GR__OBJECT_BLOCK)

static void note_bounds(uintptr_t address, size_t size) {
    uintptr_t low = __atomic_load_n(&not_lowest, __ATOMIC_RELAXED);
    while (~address > low && !__atomic_compare_exchange_n(&not_lowest, &low, ~address, true,
                                                          __ATOMIC_RELAXED, __ATOMIC_RELAXED)) {}
    size_t most = __atomic_load_n(&largest, __ATOMIC_RELAXED);
    while (size > most && !__atomic_compare_exchange_n(&largest, &most, size, true,
                                                       __ATOMIC_RELAXED, __ATOMIC_RELAXED)) {}
}

/* What lives in a block, but for its first granule. */
static void drop_behind_first(uintptr_t address, size_t size, unsigned kinds) {
    uintptr_t next = (address | (GR__GRANULE - 1)) + 1;
    if (size > next - address) gr__object_drop(next, address + size - next, kinds);
}

void gr__heap_alloc(gr__actor *self, uintptr_t address, size_t size, gr__loc loc) {
    if (!gr__shadow_covers(address)) return;
    gr__engine_go_in();
    gr__log(self, GR__EVENT_SIZE, 0, size, 0, 0);
    gr__log_ordered(self, GR__EVENT_ALLOC, 0, address, loc);
    gr__access_wipe(address, size ? size : 1);
    note_bounds(address, size);
    gr__extent_made(address, size, true);
    drop_behind_first(address, size, BLOCKS_AND_SYNCS);
    /* Mostly a block of that place is allocated again, and nothing else was in its first 8 bytes. */
    uint32_t *word = gr__object_lock(address, true);
    gr__object *o = word ? gr__object_alone(word, GR__OBJECT_BLOCK, address) : NULL;
    if (word && !o) {
        gr__object_unlock(word);
        gr__object_drop(address, size ? size : 1, BLOCKS_AND_SYNCS);
        word = gr__object_lock(address, true);
        o = word ? gr__object_make(word, GR__OBJECT_BLOCK, address) : NULL;
    }
    if (o) o->is.block = (gr__heap_block){address, size, self->id, loc, false, 0, 0};
    if (word) gr__object_unlock(word);
    gr__engine_come_out();
    gr__lock_forget(address, size);
}

/* The block's size; it is marked freed. SIZE_MAX: no block starts there. alone: nothing else is in its first
 * granule. */
static size_t mark_freed(const gr__actor *self, uintptr_t address, gr__loc loc, bool *alone) {
    uint32_t *word = gr__object_lock(address, false);
    if (!word) return SIZE_MAX;
    size_t size = SIZE_MAX;
    gr__object *o = gr__object_alone(word, GR__OBJECT_BLOCK, address);
    *alone = o != NULL;
    if (!o) o = gr__object_find(word, GR__OBJECT_BLOCK, address);
    if (o && !o->is.block.freed) {
        size = o->is.block.size;
        o->is.block.freed = true;
        o->is.block.free_actor = self->id;
        o->is.block.freed_at = loc;
    }
    gr__object_unlock(word);
    return size;
}

size_t gr__heap_free(gr__actor *self, uintptr_t address, gr__loc loc) {
    gr__conflicts found = {.count = 0};
    gr__engine_go_in();
    bool alone = false;
    size_t size = mark_freed(self, address, loc, &alone);
    if (size != SIZE_MAX) {
        gr__extent_freed(address);
        bool checked = self->ignore <= 0 && gr__actor_enter(self);
        gr__log_ordered(self, GR__EVENT_FREE, !checked, address, loc);
        if (checked) {
            gr__access_free(self, address, size, size >= UNMAPPED_SIZE, loc, &found);
            gr__actor_leave(self);
        } else if (size >= UNMAPPED_SIZE) {
            gr__access_wipe(address, size);
        }
        if (size >= UNMAPPED_SIZE) gr__extent_forget(address, size);
        if (alone) drop_behind_first(address, size, 1u << GR__OBJECT_SYNC);
        else gr__object_drop(address, size, 1u << GR__OBJECT_SYNC);
    }
    gr__engine_come_out();
    if (found.count)
        gr__access_tell(self, address, size, GR__ACCESS_WRITE | GR__ACCESS_FREE, loc, &found);
    if (size != SIZE_MAX) gr__lock_freed(self, address, size, loc);
    return size;
}

/* The block that starts in the granule of this word, at or before address. */
static bool block_in(uintptr_t granule, uintptr_t address, gr__heap_block *out) {
    gr__engine_go_in();
    uint32_t *word = gr__object_lock(granule, false);
    bool found = false;
    for (uintptr_t a = granule; word && a < granule + 8 && a <= address; a++) {
        gr__object *o = gr__object_find(word, GR__OBJECT_BLOCK, a);
        if (!o) continue;
        *out = o->is.block;
        found = true;
    }
    if (word) gr__object_unlock(word);
    gr__engine_come_out();
    return found;
}

bool gr__heap_find(uintptr_t address, gr__heap_block *out) {
    if (!gr__shadow_covers(address)) return false;
    size_t reach = __atomic_load_n(&largest, __ATOMIC_RELAXED);
    uintptr_t low = ~__atomic_load_n(&not_lowest, __ATOMIC_RELAXED);
    if (address < low) return false;
    uintptr_t stop = address - low > reach ? address - reach : low;
    stop &= ~7ull;
    for (uintptr_t g = address & ~7ull; g >= stop; g -= 8) {
        uint32_t *word = gr__table_look(&gr__objects, g);
        if (!word) g &= ~(uintptr_t)(GR__TABLE_SPAN - 1); /* nothing in all of its chunk */
        else if (__atomic_load_n(word, __ATOMIC_RELAXED) && block_in(g, address, out))
            return address - out->low < (out->size ? out->size : 1);
        if (g < 8) break;
    }
    return false;
}

uint64_t gr__sync_last(uintptr_t object) {
    gr__engine_go_in();
    uint32_t *word = gr__object_lock(object, false);
    gr__object *o = word ? gr__object_find(word, GR__OBJECT_SYNC, object) : NULL;
    uint64_t actor = o ? gr__actor_at(o->is.vector.epoch.slot, o->is.vector.epoch.clock) : 0;
    if (word) gr__object_unlock(word);
    gr__engine_come_out();
    return actor;
}

void gr__memory_reset(uintptr_t address, size_t size) {
    gr__engine_go_in();
    gr__log(NULL, GR__EVENT_SIZE, 0, size, 0, 0);
    gr__log_ordered(NULL, GR__EVENT_RESET, 0, address, 0);
    gr__access_wipe(address, size);
    gr__object_drop(address, size, 1u << GR__OBJECT_SYNC);
    gr__engine_come_out();
    gr__lock_forget(address, size);
}
