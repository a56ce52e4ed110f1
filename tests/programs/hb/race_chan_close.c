// want: race
/* What the closer does after the close is not ordered with the receiver. */
#include "../together.h"

int x;
static gr_chan *ch;

static void closer(void) {
    gr_close(ch);
    x = 1;
}
static void receiver(void) {
    gr_recv(ch, NULL);
    x = 2;
}

int main(void) {
    ch = gr_make(int, 0);
    together(closer, receiver);
    gr_chan_free(ch);
    return 0;
}
