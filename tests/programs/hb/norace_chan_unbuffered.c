// want: none
/* A send happens before its receive is done, and a receive before its send is done. */
#include "../together.h"

int x, y;
static gr_chan *ch;

static void sender(void) {
    x = 1;
    gr_send_value(ch, int, 1);
    y++;
}
static void receiver(void) {
    y = 1;
    gr_recv(ch, NULL);
    x++;
}

int main(void) {
    ch = gr_make(int, 0);
    together(sender, receiver);
    gr_chan_free(ch);
    return 0;
}
