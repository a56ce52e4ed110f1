/* record.c - see record.h. */
#include "detector/engine/record.h"

#include "detector/engine/internal.h"

static uint64_t key_of(gr__part p) {
    return GR__LOC_PART | (uint64_t)p.loc << 16 | (uint64_t)p.bytes << 8 | p.flags;
}

unsigned gr__record_open(uint64_t cell, gr__loc place, gr__part parts[GR__PARTS_MAX]) {
    if (!(cell & GR__CELL_PARTS)) {
        unsigned bytes = gr__cell_accessed(cell);
        parts[0] = (gr__part){place, (uint8_t)bytes, gr__cell_written(cell) ? GR__ACCESS_WRITE : 0};
        return bytes != 0;
    }
    unsigned count = 0;
    for (uint64_t key; (key = gr__loc_nodes[place].key) & GR__LOC_PART && count < GR__PARTS_MAX;
         place = gr__loc_up(place))
        parts[count++] = gr__record_part(key);
    return count;
}

void gr__record_close(const gr__part *parts, unsigned count, uint64_t *cell, gr__loc *place) {
    uint64_t now = *cell >> GR__CELL_EPOCH << GR__CELL_EPOCH;
    unsigned used = 0;
    const gr__part *last = NULL;
    gr__loc set = 0;
    for (unsigned i = 0; i < count; i++) {
        if (!parts[i].bytes) continue;
        used++;
        last = &parts[i];
        if (!(last->flags & GR__ACCESS_ATOMIC))
            now |= gr__cell_bytes(last->bytes, last->flags & GR__ACCESS_WRITE);
    }
    if (used == 1 && !(last->flags & ~(unsigned)GR__ACCESS_WRITE)) {
        set = last->loc;
    } else if (used) {
        now |= GR__CELL_PARTS;
        for (unsigned i = count; i-- > 0;)
            if (parts[i].bytes) set = gr__loc_get(set, key_of(parts[i]));
    }
    *cell = now;
    *place = set;
}
