// want: race
/* What follows a send and what follows its receive are not ordered. */
#include "../together.h"

int x;
static gr_chan *ch;

static void sender(void) {
    gr_send_value(ch, int, 1);
    x = 1;
}
static void receiver(void) {
    gr_recv(ch, NULL);
    x = 2;
}

int main(void) {
    ch = gr_make(int, 0);
    together(sender, receiver);
    gr_chan_free(ch);
    return 0;
}
