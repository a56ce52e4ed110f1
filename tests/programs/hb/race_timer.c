// want: race
/* What follows the arming of a timer is not ordered with its firing. */
#include "../together.h"

int x;
static gr_chan *_Atomic firing;
static atomic_int armed;

static void setter(void) {
    gr_chan *ch = gr_after(GR_MILLISECOND);
    x = 1;
    atomic_store_explicit(&firing, ch, memory_order_relaxed);
    step_to(&armed, 1);
}
static void waiter(void) {
    step_wait(&armed, 1);
    gr_recv(atomic_load_explicit(&firing, memory_order_relaxed), NULL);
    x = 2;
}

int main(void) {
    together(setter, waiter);
    return 0;
}
