// want: none
/* A close happens before every receive that returns because of it. */
#include "../together.h"

int x;
static gr_chan *ch;

static void closer(void) {
    x = 1;
    gr_close(ch);
}
static void receiver(void) {
    gr_recv(ch, NULL);
    x++;
}

int main(void) {
    ch = gr_make(int, 0);
    together(closer, receiver);
    gr_chan_free(ch);
    return 0;
}
