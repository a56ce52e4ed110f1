// want: none
/* A buffer of one is a lock: the k-th receive happens before the (k+1)-th send is done. */
#include "../together.h"

int x;
static gr_chan *ch;

static void user(void) {
    gr_send_value(ch, int, 1);
    x++;
    gr_recv(ch, NULL);
}

int main(void) {
    ch = gr_make(int, 1);
    together(user, user);
    gr_chan_free(ch);
    return 0;
}
