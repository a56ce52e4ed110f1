// class: communication deadlock: missing send
// want: GR2001 main
/* Pictures are made smaller, one goroutine each; one that can't be read sends nothing, and main waits
 * for as many answers as there were pictures. Repaired: it sends the error. */
#include "kernel.h"

enum { PICTURES = 4 };

static void resize(int picture, gr_chan *sizes) {
    if (picture == 2) {
#ifdef REPAIRED
        gr_send_value(sizes, int, -1);
#endif
        return;
    }
    gr_send_value(sizes, int, picture * 100);
}

int main(void) {
    gr_chan *sizes = gr_make(int, 0);
    for (int i = 0; i < PICTURES; i++)
        go(resize, i, sizes);
    for (int i = 0; i < PICTURES; i++)
        gr_recv(sizes, NULL);
    return 0;
}
