/* mapping.c - what the program has mapped, and where it did so: intervals in order of their addresses,
 * none overlapping. One lock guards them. */
#include "detector/finding/finding.h"
#include "runtime/base/base.h"

static uint32_t lock;
static gr__mapping *table;
static size_t count, room;

/* The first that ends above address. */
static size_t first_above(uintptr_t address) {
    size_t low = 0, high = count;
    while (low < high) {
        size_t middle = (low + high) / 2;
        if (table[middle].high <= address) low = middle + 1;
        else high = middle;
    }
    return low;
}

static bool enlarge(void) {
    size_t more = room ? 2 * room : 256;
    gr__mapping *bigger = gr__pages(more * sizeof *bigger);
    if (!bigger) return false;
    for (size_t i = 0; i < count; i++) bigger[i] = table[i];
    if (table) gr__pages_free(table, room * sizeof *table);
    table = bigger;
    room = more;
    return true;
}

/* Without room one is left out: then nobody knows where it was mapped. */
static void insert(size_t at, const gr__mapping *m) {
    if (count == room && !enlarge()) return;
    for (size_t i = count++; i > at; i--) table[i] = table[i - 1];
    table[at] = *m;
}

static void cut(uintptr_t low, uintptr_t high) {
    size_t i = first_above(low);
    if (i < count && table[i].low < low) {
        gr__mapping rest = table[i];
        table[i++].high = low;
        if (rest.high > high) {
            rest.low = high;
            insert(i, &rest);
            return;
        }
    }
    size_t kept = i;
    for (; i < count && table[i].high <= high; i++) {}
    if (i < count && table[i].low < high) table[i].low = high;
    if (kept == i) return;
    for (; i < count; i++) table[kept++] = table[i];
    count = kept;
}

void gr__mapping_made(const gr__mapping *made) {
    gr__lock(&lock);
    cut(made->low, made->high);
    insert(first_above(made->low), made);
    gr__unlock(&lock);
}

void gr__mapping_gone(uintptr_t low, uintptr_t high) {
    gr__lock(&lock);
    cut(low, high);
    gr__unlock(&lock);
}

bool gr__mapping_find(uintptr_t address, gr__mapping *out) {
    gr__lock(&lock);
    size_t i = first_above(address);
    bool found = i < count && table[i].low <= address;
    if (found) *out = table[i];
    gr__unlock(&lock);
    return found;
}
