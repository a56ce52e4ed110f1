/* table.h - one 32-bit word for every 8 bytes of the program, in chunks for 2 MiB that are made
 * when first asked for. Engine only. Lookups are lock-free; the words are their users' affair.
 */
#ifndef GR_DETECTOR_ENGINE_TABLE_H
#define GR_DETECTOR_ENGINE_TABLE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#define GR__TABLE_SHIFT 21
#define GR__TABLE_SPAN (1ull << GR__TABLE_SHIFT)
#define GR__TABLE_WORDS (GR__TABLE_SPAN / 8)

typedef struct gr__table {
    uint32_t **directory; /* atomic entries */
    uint32_t *chunks;     /* constant */
    uint64_t used;        /* atomic: chunks handed out */
} gr__table;

bool gr__table_open(gr__table *table);
void gr__table_reset(gr__table *table);
/* The word, made when missing; NULL when there is no more room. */
uint32_t *gr__table_make(gr__table *table, uintptr_t address);
/* The word, or NULL when none was made near it. address below 2^47. */
static inline uint32_t *gr__table_look(const gr__table *table, uintptr_t address) {
    uint32_t *chunk = __atomic_load_n(&table->directory[address >> GR__TABLE_SHIFT], __ATOMIC_ACQUIRE);
    return chunk ? chunk + (address / 8) % GR__TABLE_WORDS : NULL;
}
/* Visit every stretch of words of [low, high) that may hold something; address is the first's. */
void gr__table_each(const gr__table *table, uintptr_t low, uintptr_t high,
                    void (*visit)(uint32_t *words, size_t count, uintptr_t address, void *argument),
                    void *argument);

#endif
