/* record.c - locks by their address: a word of a table for every 8 bytes heads the list of those that lie
 * in them (two spin locks may). One lock guards the lists; who only looks needs none. */
#include "detector/locks/order.h"

#include "detector/engine/pages.h"

#define LIMIT (1u << 26)
/* How many locks there are in each 64 KiB and in each 64 MiB: most memory that is freed has none. */
#define SMALL 16
#define LARGE 26

gr__table gr__lock_table;
gr__pool gr__lock_pool;
gr__locks_hooks gr__locks_hooks_now;
static uint32_t *small, *large; /* atomic */
static uint32_t lock;

bool gr__locks_open(const gr__locks_hooks *asked) {
    gr__locks_hooks_now = *asked;
    large = gr__pages_reserve(0, sizeof *large << (47 - LARGE));
    small = gr__pages_reserve(0, sizeof *small << (47 - SMALL));
    return large && small && gr__table_open(&gr__lock_table) &&
           gr__pool_open(&gr__lock_pool, sizeof(gr__lock_record), LIMIT) && gr__held_open() && gr__order_open();
}

static void count(uintptr_t address, int more) {
    __atomic_fetch_add(&small[address >> SMALL], (uint32_t)more, __ATOMIC_RELAXED);
    __atomic_fetch_add(&large[address >> LARGE], (uint32_t)more, __ATOMIC_RELAXED);
}

/* Inside the engine. */
uint32_t gr__lock_make(uintptr_t address, enum gr__lock_kind kind) {
    uint32_t *word = address >> 47 ? NULL : gr__table_make(&gr__lock_table, address);
    if (!word || !large) return 0;
    gr__spin_lock(&lock);
    uint32_t id = gr__lock_find(address);
    if (!id && (id = gr__pool_take(&gr__lock_pool)) != 0) {
        gr__lock_record *r = gr__lock_at(id);
        r->owner = 0;
        r->at = 0;
        r->before = 0;
        r->monitor = false;
        r->node = 0;
        r->kind = (uint8_t)kind;
        r->read = r->unclear = r->lent = false;
        GR__STORE_RELEASE(&r->next, GR__LOAD_RELAXED(word));
        GR__STORE_RELEASE(&r->address, address);
        GR__STORE_RELEASE(word, id);
        count(address, 1);
    }
    gr__spin_unlock(&lock);
    return id;
}

static bool any(uintptr_t low, uintptr_t high, const uint32_t *counts, unsigned shift) {
    for (uintptr_t i = low >> shift; i <= (high - 1) >> shift; i++)
        if (GR__LOAD_RELAXED(&counts[i])) return true;
    return false;
}

/* What goes: those in [low, high). The first that somebody holds is kept for a report. */
typedef struct range {
    uintptr_t low, high, lost;
    gr__lock_holder holder;
} range;

static void note_holder(range *r, uint32_t id) {
    uintptr_t address = gr__lock_at(id)->address;
    if (!r->lost && gr__lock_holders(address, &r->holder, 1)) r->lost = address;
}

static void drop_in(uint32_t *word, range *r) {
    for (uint32_t *from = word, id; (id = GR__LOAD_RELAXED(from)) != 0;) {
        gr__lock_record *record = gr__lock_at(id);
        if (record->address < r->low || record->address >= r->high) {
            from = &record->next;
            continue;
        }
        note_holder(r, id);
        count(record->address, -1);
        GR__STORE_RELEASE(from, record->next);
        if (record->node) gr__order_gone(record->node);
        record->node = 0;
        GR__STORE_RELEASE(&record->address, 0);
        GR__STORE_RELEASE(&record->version, record->version + 1);
        gr__pool_give(&gr__lock_pool, id);
    }
}

static void drop_words(uint32_t *words, size_t n, uintptr_t address, void *argument) {
    (void)address;
    for (size_t i = 0; i < n; i++)
        if (GR__LOAD_RELAXED(&words[i])) drop_in(&words[i], argument);
}

static void drop(range *r) {
    gr__engine_go_in();
    gr__spin_lock(&lock);
    gr__table_each(&gr__lock_table, r->low, r->high, drop_words, r);
    gr__spin_unlock(&lock);
    gr__engine_come_out();
}

static bool forget(range *r) {
    if (!large || r->high <= r->low || (r->high - 1) >> 47) return false;
    /* In steps, since most of what is large is empty. */
    for (uintptr_t low = r->low, end; low < r->high; low = end) {
        end = ((low >> LARGE) + 1) << LARGE;
        if (end > r->high) end = r->high;
        if (!any(low, end, large, LARGE) || !any(low, end, small, SMALL)) continue;
        range part = {.low = low, .high = end};
        drop(&part);
        if (r->lost || !part.lost) continue;
        r->lost = part.lost;
        r->holder = part.holder;
    }
    return r->lost != 0;
}

void gr__lock_forget(uintptr_t low, size_t size) {
    range r = {.low = low, .high = low + size};
    forget(&r);
}

void gr__lock_freed(gr__actor *self, uintptr_t low, size_t size, gr__loc at) {
    range r = {.low = low, .high = low + size};
    if (GR__UNLIKELY(forget(&r)) && gr__locks_hooks_now.freed)
        gr__locks_hooks_now.freed(self, r.lost, &r.holder, at);
}
