// want: none
/* The arming of a timer happens before the receive of its firing. */
#include "../together.h"

int x;
static gr_chan *_Atomic firing;
static atomic_int armed;

static void setter(void) {
    x = 1;
    gr_chan *ch = gr_after(GR_MILLISECOND);
    atomic_store_explicit(&firing, ch, memory_order_relaxed);
    step_to(&armed, 1);
}
static void waiter(void) {
    step_wait(&armed, 1);
    gr_recv(atomic_load_explicit(&firing, memory_order_relaxed), NULL);
    x++;
}

int main(void) {
    together(setter, waiter);
    return 0;
}
