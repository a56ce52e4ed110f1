// want: misuse
// stderr: a loop receives from a closed channel
/* GR_CLOSED is taken for GR_EMPTY: try again. */
#include <gorace.h>

int main(void) {
    gr_chan *values = gr_make(int, 1);
    int value, turns = 0;
    gr_close(values);
    while (gr_try_recv(values, &value) != GR_RECEIVED && ++turns < 5000) {}
    return 0;
}
