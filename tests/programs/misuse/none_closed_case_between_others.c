// want: none
/* One input is closed, the other goes on: wasteful, but there is progress. */
#include <gorace.h>

int main(void) {
    gr_chan *closed = gr_make(int, 0), *values = gr_make(int, 64);
    int a, b, received = 0;
    gr_close(closed);
    while (received < 3000) {
        gr_try_send(values, &received);
        gr_case cases[] = {gr_case_recv(closed, &a), gr_case_recv(values, &b)};
        received += gr_select(cases, 2);
    }
    return 0;
}
