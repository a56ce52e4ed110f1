/* goroutines_locks.c - who has the locks of the runtime that goroutines wait for: in a checked program the
 * detector knows it, and says where (runtime/inspect/anatomy.h). */
#include "cli/goroutines.h"

#include "runtime/inspect/record.h"
#include "runtime/vocab/wait.h"

#include <stdlib.h>
#include <string.h>

enum { LONGEST_LIST = 1000 };

static goroutines_lock *slot_of(const goroutines *gs, uint64_t address) {
    size_t at = (size_t)(address * UINT64_C(0x9e3779b97f4a7c15) >> 24) & (gs->lock_room - 1);
    while (gs->locks[at].address && gs->locks[at].address != address) at = (at + 1) & (gs->lock_room - 1);
    return &gs->locks[at];
}

/* True: for the first time. */
static bool add(goroutines *gs, uint64_t address) {
    if (2 * (gs->lock_count + 1) > gs->lock_room) {
        goroutines bigger = *gs;
        bigger.lock_room = gs->lock_room ? 2 * gs->lock_room : 256;
        bigger.locks = calloc(bigger.lock_room, sizeof *bigger.locks);
        if (!bigger.locks) abort();
        for (size_t i = 0; i < gs->lock_room; i++)
            if (gs->locks[i].address) *slot_of(&bigger, gs->locks[i].address) = gs->locks[i];
        free(gs->locks);
        *gs = bigger;
    }
    goroutines_lock *l = slot_of(gs, address);
    if (l->address) return false;
    l->address = address;
    gs->lock_count++;
    return true;
}

static uint64_t owner_of(image *im, const gr__anatomy *a, uint64_t lock) {
    uint64_t chunk, address, owner, word = (lock & ((UINT64_C(1) << a->lock_shift) - 1)) / 8 * 4;
    uint32_t id;
    if (lock >> 47 || !image_read_all(im, a->lock_directory + (lock >> a->lock_shift) * 8, &chunk, sizeof chunk) ||
        !chunk || !image_read_all(im, chunk + word, &id, sizeof id))
        return 0;
    for (int i = 0; id && i < LONGEST_LIST; i++) {
        uint64_t record = a->lock_records + (uint64_t)id * a->lock_size;
        if (!image_read_all(im, record + a->lock_address, &address, sizeof address)) return 0;
        if (address == lock) return image_read_all(im, record + a->lock_owner, &owner, sizeof owner) ? owner : 0;
        if (!image_read_all(im, record + a->lock_next, &id, sizeof id)) return 0;
    }
    return 0;
}

static bool is_lock(unsigned wait) {
    return wait == GR__WAIT_MUTEX_LOCK || wait == GR__WAIT_RWMUTEX_LOCK || wait == GR__WAIT_RWMUTEX_RLOCK ||
           wait == GR__WAIT_RWMUTEX_DRAIN;
}

void goroutines_gather_locks(goroutines *gs) {
    const gr__anatomy *a = gs->anatomy;
    if (!a->lock_directory || a->lock_shift < 3 || a->lock_shift > 46) return;
    for (size_t i = 0; i < gs->count; i++) {
        const goroutines_one *g = &gs->all[i];
        if (g->state == GR__STATE_WAITING && is_lock(g->wait) && g->wait_object && add(gs, g->wait_object))
            slot_of(gs, g->wait_object)->owner = owner_of(gs->image, a, g->wait_object);
    }
}

/* --- afterwards --- */

typedef struct pair {
    uint64_t actor, told;
} pair;

static int by_actor(const void *a, const void *b) {
    const pair *x = a, *y = b;
    return x->actor < y->actor ? -1 : x->actor > y->actor;
}

/* What the detector keeps of a goroutine begins with a pointer to its actor. */
static pair *actors_of(const goroutines *gs, size_t *count) {
    const gr__anatomy *a = gs->anatomy;
    pair *all = calloc(gs->count + gs->image->thread_count + 1, sizeof *all);
    uint64_t *actors = calloc(gs->count + 1, sizeof *actors);
    image_piece *pieces = calloc(gs->count + 1, sizeof *pieces);
    if (!all || !actors || !pieces) abort();
    size_t n = 0;
    for (size_t i = 0; i < gs->count; i++) {
        if (!gs->all[i].detector) continue;
        all[n].told = gs->all[i].goid;
        pieces[n] = (image_piece){gs->all[i].detector, &actors[n], sizeof *actors, false};
        n++;
    }
    image_read_pieces(gs->image, pieces, n);
    for (size_t i = 0; i < n; i++) {
        uint64_t id_at = pieces[i].done ? actors[i] + a->actor_id : 0;
        pieces[i] = (image_piece){id_at, &all[i].actor, sizeof all[i].actor, false};
    }
    image_read_pieces(gs->image, pieces, n);
    for (size_t i = 0; i < gs->image->thread_count; i++)
        if (gs->threads[i].actor && !gs->threads[i].g)
            all[n++] = (pair){gs->threads[i].actor, GR__ACTOR_THREAD + (uint64_t)gs->image->threads[i].tid};
    free(actors);
    free(pieces);
    qsort(all, n, sizeof *all, by_actor);
    *count = n;
    return all;
}

void goroutines_settle_locks(goroutines *gs) {
    bool any = false;
    for (size_t i = 0; i < gs->lock_room; i++) any |= gs->locks[i].owner != 0;
    if (!any) return;
    size_t n;
    pair *all = actors_of(gs, &n);
    for (size_t i = 0; i < gs->lock_room; i++) {
        pair key = {gs->locks[i].owner, 0};
        const pair *found = key.actor ? bsearch(&key, all, n, sizeof *all, by_actor) : NULL;
        gs->locks[i].owner = found ? found->told : 0;
    }
    free(all);
}

uint64_t goroutines_holder_of(const goroutines *gs, uint64_t lock) {
    const goroutines_lock *l = gs->lock_room && lock ? slot_of(gs, lock) : NULL;
    return l && l->address ? l->owner : 0;
}
