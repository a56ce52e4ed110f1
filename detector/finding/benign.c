/* benign.c - memory that the program says races on without harm. The list only grows, under its lock;
 * readers follow it without. */
#include "detector/finding/finding.h"
#include "runtime/base/base.h"

typedef struct range {
    struct range *next;
    uintptr_t low, high;
    bool is_block;        /* in a heap block, of this origin: */
    uint64_t actor;
    gr__loc allocated_at;
} range;

static uint32_t lock;
static range *ranges; /* atomic */

void gr__benign_add(uintptr_t address, size_t size) {
    range *r = gr__alloc(sizeof *r);
    if (!r) return;
    gr__heap_block block;
    *r = (range){NULL, address, address + size, false, 0, 0};
    if (gr__heap_find(address, &block)) {
        r->is_block = true;
        r->actor = block.actor;
        r->allocated_at = block.allocated_at;
    }
    gr__engine_go_in(); /* no signal handler while it is locked */
    gr__lock(&lock);
    r->next = ranges;
    GR__STORE(&ranges, r);
    gr__unlock(&lock);
    gr__engine_come_out();
}

/* The memory may be another block by now. */
static bool still(const range *r) {
    gr__heap_block block;
    if (!r->is_block) return true;
    return gr__heap_find(r->low, &block) && block.actor == r->actor &&
           block.allocated_at == r->allocated_at && !block.freed;
}

bool gr__benign(uintptr_t address, size_t size) {
    for (range *r = GR__LOAD(&ranges); r; r = r->next)
        if (address < r->high && address + size > r->low && still(r)) return true;
    return false;
}
