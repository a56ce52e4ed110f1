/* extent.c - see extent.h. Chunks of maps for 64 MiB each are made when a block first lies there,
 * and stay. Words are changed by atomic operations, since blocks of several threads may share one.
 * The summaries, a bit for 64 and for 4096 of a map, say where it pays to look; bits in them are
 * never taken back. */
#include "detector/engine/extent.h"

#include "detector/engine/pages.h"

enum {
    UNIT_SHIFT = 4,
    CHUNK_SHIFT = 26,
    UNITS = 1 << (CHUNK_SHIFT - UNIT_SHIFT),
    WORDS = UNITS / 64,
    LOW_WORDS = WORDS / 64,
    HIGH_WORDS = LOW_WORDS / 64
};
#define CHUNK_SIZE ((uintptr_t)1 << CHUNK_SHIFT)
#define CHUNKS     ((size_t)1 << (47 - CHUNK_SHIFT))
#define NONE       UINT32_MAX

typedef struct map {
    uint64_t bits[WORDS], some[LOW_WORDS], any[HIGH_WORDS]; /* atomic */
} map;

typedef struct chunk {
    map begins, ends;
    uint64_t freed[WORDS];                  /* atomic */
    uint64_t marked[WORDS], watched[WORDS]; /* whose who has stopped all others */
    uintptr_t carried; /* atomic: the block that reaches in from below, and its end; 0: none */
    uintptr_t carried_end;
} chunk;

enum { CHUNKS_MADE = 1 << 14 }; /* for 1 TiB of blocks */
#define CHUNK_ROOM ((sizeof(chunk) + GR__PAGE - 1) & ~(GR__PAGE - 1))

static chunk **directory;    /* atomic entries; NULL: nobody wants to know */
static char *chunks;         /* constant */
static uint32_t chunks_used; /* atomic */
/* Complements, or they would be pointers to blocks: what is asked for here is who has such. */
static uintptr_t not_lowest;                /* atomic: no block starts below */
static uintptr_t not_highest = UINTPTR_MAX; /* atomic: none ends above */
static uintptr_t lowest(void) { return ~__atomic_load_n(&not_lowest, __ATOMIC_RELAXED); }
static uintptr_t highest(void) { return ~__atomic_load_n(&not_highest, __ATOMIC_RELAXED); }

bool gr__extent_open(void) {
    if (directory) return true;
    chunks = gr__pages_reserve(0, CHUNKS_MADE * CHUNK_ROOM);
    if (chunks) directory = gr__pages_reserve(0, CHUNKS * sizeof *directory);
    return directory != NULL;
}

void gr__extent_reset(void) {
    if (!directory) return;
    gr__pages_forget(chunks, CHUNKS_MADE * CHUNK_ROOM);
    gr__pages_forget(directory, CHUNKS * sizeof *directory);
    chunks_used = 0;
    not_lowest = 0;
    not_highest = UINTPTR_MAX;
}

/* --- words --- */

static chunk *look(uintptr_t address) {
    if (address >> 47) return NULL;
    return __atomic_load_n(&directory[address >> CHUNK_SHIFT], __ATOMIC_ACQUIRE);
}

static chunk *make(uintptr_t address) {
    if (address >> 47) return NULL;
    chunk *c = look(address), *none = NULL;
    if (c) return c;
    uint32_t i = __atomic_fetch_add(&chunks_used, 1, __ATOMIC_RELAXED);
    if (i >= CHUNKS_MADE) return NULL;
    c = (chunk *)(void *)(chunks + i * CHUNK_ROOM);
    /* One that lost to another thread's stays unused: it costs address space only. */
    return __atomic_compare_exchange_n(&directory[address >> CHUNK_SHIFT], &none, c, false,
                                       __ATOMIC_ACQ_REL, __ATOMIC_ACQUIRE)
               ? c
               : none;
}

static uint32_t unit_of(uintptr_t address) { return (uint32_t)(address >> UNIT_SHIFT) % UNITS; }
static uint64_t load(const uint64_t *word) { return __atomic_load_n(word, __ATOMIC_RELAXED); }
static bool has(const uint64_t *bits, uint32_t unit) {
    return load(&bits[unit / 64]) >> unit % 64 & 1;
}

static void put(uint64_t *bits, uint32_t unit) {
    uint64_t bit = (uint64_t)1 << unit % 64;
    if (!(load(&bits[unit / 64]) & bit)) __atomic_fetch_or(&bits[unit / 64], bit, __ATOMIC_RELAXED);
}

static void put_in(map *m, uint32_t unit) {
    put(m->bits, unit);
    put(m->some, unit / 64);
    put(m->any, unit / 4096);
}

/* Take bits [from, to] away. */
static void take(uint64_t *bits, uint32_t from, uint32_t to) {
    for (uint32_t w = from / 64; w <= to / 64; w++) {
        uint64_t gone = ~(uint64_t)0;
        if (w == from / 64) gone &= ~(uint64_t)0 << from % 64;
        if (w == to / 64) gone &= ~(uint64_t)0 >> (63 - to % 64);
        if (load(&bits[w]) & gone) __atomic_fetch_and(&bits[w], ~gone, __ATOMIC_RELAXED);
    }
}

/* The last bit at or before `at`, or the first at or after it, in a row of words. NONE: there is
 * none. */
static uint32_t last_in(const uint64_t *bits, uint32_t at, uint32_t stop_word) {
    uint64_t now = load(&bits[at / 64]) & (~(uint64_t)0 >> (63 - at % 64));
    for (uint32_t w = at / 64;; now = load(&bits[--w])) {
        if (now) return w * 64 + 63 - (uint32_t)__builtin_clzll(now);
        if (w == stop_word) return NONE;
    }
}
static uint32_t first_in(const uint64_t *bits, uint32_t at, uint32_t words) {
    uint64_t now = load(&bits[at / 64]) & (~(uint64_t)0 << at % 64);
    for (uint32_t w = at / 64;; now = load(&bits[w])) {
        if (now) return w * 64 + (uint32_t)__builtin_ctzll(now);
        if (++w == words) return NONE;
    }
}

/* The same in a map, by its summaries; these may promise a bit that has gone meanwhile. */
static uint32_t last(const map *m, uint32_t at) {
    uint32_t found = last_in(m->bits, at, at / 64);
    for (uint32_t w = at / 64; found == NONE && w > 0;) {
        uint32_t i = last_in(m->some, w - 1, (w - 1) / 64);
        for (uint32_t s = (w - 1) / 64; i == NONE && s > 0;) {
            uint32_t a = last_in(m->any, s - 1, 0);
            if (a == NONE) return NONE;
            i = last_in(m->some, a * 64 + 63, a);
            s = a;
        }
        if (i == NONE) return NONE;
        found = last_in(m->bits, i * 64 + 63, i);
        w = i;
    }
    return found;
}
static uint32_t first(const map *m, uint32_t at) {
    uint32_t found = first_in(m->bits, at, at / 64 + 1);
    for (uint32_t w = at / 64; found == NONE && w + 1 < WORDS;) {
        uint32_t i = first_in(m->some, w + 1, (w + 1) / 64 + 1);
        for (uint32_t s = (w + 1) / 64; i == NONE && s + 1 < LOW_WORDS;) {
            uint32_t a = first_in(m->any, s + 1, HIGH_WORDS);
            if (a == NONE) return NONE;
            i = first_in(m->some, a * 64, a + 1);
            s = a;
        }
        if (i == NONE) return NONE;
        found = first_in(m->bits, i * 64, i + 1);
        w = i;
    }
    return found;
}

/* --- blocks come and go --- */

void gr__extent_forget(uintptr_t low, size_t size) {
    if (!directory || !size || low >> 47 || low + size - 1 < low) return;
    uintptr_t end = low + size - 1;
    if (end > highest()) end = highest();
    for (uintptr_t at = low; at <= end; at = (at | (CHUNK_SIZE - 1)) + 1) {
        chunk *c = look(at);
        if (!c) continue;
        uintptr_t top = (at | (CHUNK_SIZE - 1)) < end ? at | (CHUNK_SIZE - 1) : end;
        take(c->begins.bits, unit_of(at), unit_of(top));
        take(c->ends.bits, unit_of(at), unit_of(top));
        take(c->freed, unit_of(at), unit_of(top));
        if (!(at & (CHUNK_SIZE - 1))) __atomic_store_n(&c->carried, 0, __ATOMIC_RELAXED);
    }
}

static void grow(uintptr_t *most, uintptr_t to) {
    uintptr_t was = __atomic_load_n(most, __ATOMIC_RELAXED);
    while (to > was &&
           !__atomic_compare_exchange_n(most, &was, to, true, __ATOMIC_RELAXED, __ATOMIC_RELAXED)) {
    }
}
static void shrink(uintptr_t *least, uintptr_t to) {
    uintptr_t was = __atomic_load_n(least, __ATOMIC_RELAXED);
    while (to < was && !__atomic_compare_exchange_n(least, &was, to, true, __ATOMIC_RELAXED,
                                                    __ATOMIC_RELAXED)) {}
}

void gr__extent_made(uintptr_t low, size_t size, bool past) {
    if (!directory || low >> 47 || size >> 47) return;
    uintptr_t end = low + (size ? size : 1) - (past && size ? 0 : 1);
    grow(&not_lowest, ~low);
    shrink(&not_highest, ~end);
    gr__extent_forget(low, end - low + 1);
    for (uintptr_t at = (low | (CHUNK_SIZE - 1)) + 1; at <= end; at += CHUNK_SIZE) {
        chunk *c = make(at);
        if (!c) return; /* not known, then */
        __atomic_store_n(&c->carried_end, end, __ATOMIC_RELAXED);
        __atomic_store_n(&c->carried, low, __ATOMIC_RELEASE);
    }
    chunk *c = make(low), *l = make(end);
    if (!c || !l) return;
    put_in(&l->ends, unit_of(end));
    put_in(&c->begins, unit_of(low));
}

void gr__extent_freed(uintptr_t low) {
    chunk *c = directory ? look(low) : NULL;
    if (c && has(c->begins.bits, unit_of(low))) put(c->freed, unit_of(low));
}

/* --- for who has stopped all others --- */

static uintptr_t base_of(uintptr_t address) { return address & ~(CHUNK_SIZE - 1); }
static uintptr_t at_unit(uintptr_t base, uint32_t unit) {
    return base + ((uintptr_t)unit << UNIT_SHIFT);
}

/* The end of the block that begins in this unit: where the next one begins, at the latest. */
static uintptr_t end_of(const chunk *c, uintptr_t base, uint32_t unit) {
    uint32_t end = first(&c->ends, unit),
             next = unit + 1 < UNITS ? first(&c->begins, unit + 1) : NONE;
    if (end != NONE && (next == NONE || end < next)) return at_unit(base, end + 1);
    if (next != NONE) return at_unit(base, next);
    /* it goes on in the next chunk */
    uintptr_t low = at_unit(base, unit), top = base + CHUNK_SIZE;
    const chunk *after = look(top);
    uintptr_t from = after ? __atomic_load_n(&after->carried, __ATOMIC_RELAXED) : 0;
    if (!from || (from ^ low) >> UNIT_SHIFT) return top;
    uintptr_t told = (after->carried_end | ((1 << UNIT_SHIFT) - 1)) + 1;
    return told;
}

bool gr__extent_find(uintptr_t address, gr__extent *out) {
    if (!directory || address < lowest() || address > highest()) return false;
    const chunk *c = look(address);
    if (!c) return false;
    uint32_t unit = unit_of(address), begin = last(&c->begins, unit);
    uintptr_t base = base_of(address);
    if (begin == NONE) {
        uintptr_t carried = c->carried;
        if (!carried || address > c->carried_end) return false;
        uint32_t end = last(&c->ends, unit);
        if (end != NONE && end < unit) return false;
        c = look(carried);
        if (!c || !has(c->begins.bits, unit_of(carried))) return false;
        base = base_of(carried);
        begin = unit_of(carried);
    } else if (unit > begin) {
        uint32_t end = last(&c->ends, unit - 1);
        if (end != NONE && end >= begin) return false;
    }
    out->low = at_unit(base, begin);
    out->high = 0;
    out->freed = has(c->freed, begin);
    return true;
}

bool gr__extent_next(uintptr_t address, uintptr_t limit, gr__extent *out) {
    if (!directory || limit <= lowest() || address > highest()) return false;
    if (gr__extent_find(address, out)) {
        out->high = gr__extent_end(out->low);
        return true;
    }
    for (uintptr_t at = address; at < limit && at <= highest(); at = base_of(at) + CHUNK_SIZE) {
        const chunk *c = look(at);
        uint32_t unit = c ? first(&c->begins, unit_of(at)) : NONE;
        if (unit == NONE) continue;
        out->low = at_unit(base_of(at), unit);
        if (out->low >= limit) return false;
        out->high = end_of(c, base_of(at), unit);
        out->freed = has(c->freed, unit);
        return true;
    }
    return false;
}

uintptr_t gr__extent_end(uintptr_t low) {
    const chunk *c = look(low);
    return c ? end_of(c, base_of(low), unit_of(low)) : low;
}

enum gr__extent_mark gr__extent_mark(uintptr_t low) {
    chunk *c = look(low);
    uint64_t bit = (uint64_t)1 << unit_of(low) % 64;
    uint32_t word = unit_of(low) / 64;
    if (!c || (c->marked[word] & bit)) return GR__EXTENT_MARKED;
    c->marked[word] |= bit;
    return c->watched[word] & bit ? GR__EXTENT_WATCHED : GR__EXTENT_NEW;
}

/* Mostly it is a pointer to a block's beginning, and marked already. */
enum gr__extent_mark gr__extent_reach(uintptr_t address, uintptr_t *low) {
    const chunk *c = address >> 47 ? NULL : directory[address >> CHUNK_SHIFT];
    uint32_t unit = unit_of(address);
    if (!c) return GR__EXTENT_NONE;
    if (c->begins.bits[unit / 64] >> unit % 64 & 1) {
        if ((c->marked[unit / 64] | c->freed[unit / 64]) >> unit % 64 & 1) return GR__EXTENT_MARKED;
        *low = address & ~(((uintptr_t)1 << UNIT_SHIFT) - 1);
        return gr__extent_mark(*low);
    }
    gr__extent e;
    if (!gr__extent_find(address, &e)) return GR__EXTENT_NONE;
    if (e.freed) return GR__EXTENT_MARKED;
    *low = e.low;
    return gr__extent_mark(e.low);
}

void gr__extent_unmark(uintptr_t low) {
    chunk *c = look(low);
    if (c) c->marked[unit_of(low) / 64] &= ~((uint64_t)1 << unit_of(low) % 64);
}

void gr__extent_watch(uintptr_t low) {
    chunk *c = look(low);
    if (c) c->watched[unit_of(low) / 64] |= (uint64_t)1 << unit_of(low) % 64;
}

/* Zeros, by pages where there are whole ones. */
static void clear(uint64_t *words) {
    uint64_t *end = words + WORDS;
    uintptr_t low = ((uintptr_t)words + GR__PAGE - 1) & ~(GR__PAGE - 1),
              high = (uintptr_t)end & ~(GR__PAGE - 1);
    for (uint64_t *w = words; (uintptr_t)w < low; w++) *w = 0;
    gr__pages_forget((void *)low, high - low);
    for (uint64_t *w = (uint64_t *)high; w < end; w++) *w = 0;
}

void gr__extent_unmark_all(void) {
    if (!directory || lowest() > highest()) return;
    for (uintptr_t at = base_of(lowest()); at <= highest(); at += CHUNK_SIZE) {
        chunk *c = look(at);
        if (!c) continue;
        clear(c->marked);
        clear(c->watched);
    }
}

void gr__extent_bounds(uintptr_t *low, uintptr_t *high) {
    *low = lowest();
    *high = highest();
}
