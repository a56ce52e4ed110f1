/* anatomy.c - where the records of locks lie, for who looks at the program from outside. Once, by the first thread. */
#include "detector/locks/internal.h"
#include "runtime/inspect/anatomy.h"

#include <stddef.h>

void gr__lock_anatomy_tell(gr__anatomy *a) {
    a->lock_directory = (uintptr_t)gr__lock_table.directory;
    a->lock_shift = GR__TABLE_SHIFT;
    a->lock_records = (uintptr_t)gr__lock_pool.base;
    a->lock_size = sizeof(gr__lock_record);
    a->lock_next = offsetof(gr__lock_record, next);
    a->lock_address = offsetof(gr__lock_record, address);
    a->lock_owner = offsetof(gr__lock_record, owner);
}
