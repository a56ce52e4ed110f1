/* before.c - what must come before what; see order.h. An actor's knowledge belongs to its thread; what objects
 * carry is atomic, and shared by objects that meet in the table: then more is taken for ordered. */
#include "detector/locks/order.h"

enum { OBJECTS = 1 << 12 };

bool gr__before_matters;
static uint64_t numbers;           /* atomic: given out */
static gr__before carried[OBJECTS]; /* atomic */

gr__before gr__before_number(gr__actor *self) {
    gr__held *held = self->held;
    if (held->number) return held->number;
    uint64_t n = GR__ADD(&numbers, 1) - 1;
    GR__STORE_RELAXED(&gr__before_matters, true);
    return held->number = (n / GR__NUMBERS % UINT16_MAX + 1) << GR__NUMBERS | 1ull << n % GR__NUMBERS;
}

gr__before gr__before_publish(gr__actor *self) {
    if (self->held && self->held->number) {
        self->before = gr__before_join(self->before, self->held->number);
        self->held->number = 0;
    }
    return self->before;
}

static gr__before *place(uintptr_t object) {
    return &carried[object * 0x9e3779b97f4a7c15ull >> (64 - 12)];
}

void gr__before_add(gr__before *to, gr__before more) {
    gr__before old = GR__LOAD_RELAXED(to);
    while (more && !GR__CAS(to, &old, gr__before_join(old, more))) {}
}

void gr__before_give_slow(gr__actor *self, uintptr_t object) {
    gr__before_add(place(object), gr__before_publish(self));
}
void gr__before_take_slow(gr__actor *self, uintptr_t object) {
    self->before = gr__before_join(self->before, GR__LOAD(place(object)));
}
void gr__before_fork_slow(gr__actor *parent, gr__actor *child) { child->before = gr__before_publish(parent); }
void gr__before_join_slow(gr__actor *self, const gr__actor *ended) {
    self->before = gr__before_join(self->before, ended->before);
}
