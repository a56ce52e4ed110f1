// want: none
/* Goroutines that a close has released a moment before main returns are no leak, wherever they are. */
#include <gorace.h>

static void relay(gr_chan *in, gr_chan *out, gr_chan *stop) {
    for (int v;;) {
        gr_case from[] = {gr_case_recv(in, &v), gr_case_recv(stop, NULL)};
        if (gr_select(from, 2) == 1) return;
        gr_case to[] = {gr_case_send(out, &v), gr_case_recv(stop, NULL)};
        if (gr_select(to, 2) == 1) return;
    }
}
static void generate(gr_chan *out, gr_chan *stop) {
    for (int i = 0;; i++) {
        gr_case to[] = {gr_case_send(out, &i), gr_case_recv(stop, NULL)};
        if (gr_select(to, 2) == 1) return;
    }
}

int main(void) {
    gr_chan *in = gr_make(int, 0), *stop = gr_make(int, 0);
    go(generate, in, stop);
    for (int i = 0; i < 100; i++) {
        gr_chan *out = gr_make(int, 0);
        go(relay, in, out, stop);
        in = out;
    }
    for (int i = 0; i < 20; i++) gr_recv(in, NULL);
    gr_close(stop);
    return 0;
}
