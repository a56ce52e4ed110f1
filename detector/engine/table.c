/* table.c - see table.h. */
#include "detector/engine/table.h"

#include "detector/engine/pages.h"

#define ENTRIES (1ull << (47 - GR__TABLE_SHIFT))
#define CHUNKS (1ull << 20)

bool gr__table_open(gr__table *table) {
    table->directory = gr__pages_reserve(0, ENTRIES * sizeof *table->directory);
    table->chunks = gr__pages_reserve(0, CHUNKS * GR__TABLE_WORDS * 4);
    table->used = 0;
    return table->directory && table->chunks;
}

void gr__table_reset(gr__table *table) {
    gr__pages_forget(table->directory, ENTRIES * sizeof *table->directory);
    gr__pages_forget(table->chunks, CHUNKS * GR__TABLE_WORDS * 4);
    table->used = 0;
}

uint32_t *gr__table_make(gr__table *table, uintptr_t address) {
    uint32_t *word = gr__table_look(table, address);
    if (word) return word;
    uint64_t i = __atomic_fetch_add(&table->used, 1, __ATOMIC_RELAXED);
    if (i >= CHUNKS) return NULL;
    uint32_t *none = NULL;
    /* A chunk that lost to another thread's stays unused: it costs address space only. */
    __atomic_compare_exchange_n(&table->directory[address >> GR__TABLE_SHIFT], &none,
                                table->chunks + i * GR__TABLE_WORDS, false, __ATOMIC_ACQ_REL,
                                __ATOMIC_ACQUIRE);
    return gr__table_look(table, address);
}

struct visit {
    void (*visit)(uint32_t *words, size_t count, uintptr_t address, void *argument);
    void *argument;
    uintptr_t words, address;
};

static void visit_pages(uintptr_t low, uintptr_t high, void *argument) {
    struct visit *v = argument;
    v->visit((uint32_t *)low, (high - low) / 4, v->address + (low - v->words) * 2, v->argument);
}

void gr__table_each(const gr__table *table, uintptr_t low, uintptr_t high,
                    void (*visit)(uint32_t *words, size_t count, uintptr_t address, void *argument),
                    void *argument) {
    for (low &= ~7ull; low < high;) {
        uintptr_t end = (low | (GR__TABLE_SPAN - 1)) + 1;
        uintptr_t stop = end < high ? end : high;
        uint32_t *word = gr__table_look(table, low);
        size_t count = (stop - low + 7) / 8;
        if (word && count <= 8192) visit(word, count, low, argument);
        else if (word) {
            struct visit v = {visit, argument, (uintptr_t)word, low};
            gr__pages_each_touched((uintptr_t)word, (uintptr_t)(word + count), visit_pages, &v);
        }
        low = end;
    }
}
