// want: none
/* Many goroutines that all wait, but only a few at a time. */
#include <gorace.h>

static void echo(gr_chan *in, gr_chan *out) {
    int value;
    gr_recv(in, &value);
    gr_send(out, &value);
}

int main(void) {
    gr_chan *in = gr_make(int, 0), *out = gr_make(int, 0);
    int value;
    for (int i = 0; i < 30000; i++) {
        go(echo, in, out);
        gr_send(in, &i);
        gr_recv(out, &value);
    }
    return value == 29999 ? 0 : 1;
}
