// want: race
/* A buffer of two, used as a lock, lets two in: the second send waits for no receive. */
#include "../together.h"

int x;
static gr_chan *ch;

static void user(void) {
    gr_send_value(ch, int, 1);
    x++;
    gr_recv(ch, NULL);
}

int main(void) {
    ch = gr_make(int, 2);
    together(user, user);
    gr_chan_free(ch);
    return 0;
}
