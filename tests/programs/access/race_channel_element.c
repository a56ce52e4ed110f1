// want: race
/* Receiving into a variable writes it; another goroutine reads it meanwhile. */
#include "../together.h"

int x;
static gr_chan *ch;

static void receiver(void) { gr_recv(ch, &x); }
static void looker(void) { (void)*(volatile int *)&x; }

int main(void) {
    ch = gr_make(int, 1);
    gr_send_value(ch, int, 1);
    together(receiver, looker);
    return 0;
}
