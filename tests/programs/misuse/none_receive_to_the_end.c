// want: none
/* Loops that end with the channel, thousands of them, and one that asks once more for each piece of work. */
#include <gorace.h>

static int table[1 << 16];

int main(void) {
    for (int round = 0; round < 3000; round++) {
        gr_chan *values = gr_make(int, 1);
        int value;
        gr_send_value(values, int, round);
        gr_close(values);
        while (gr_recv(values, &value)) table[0] += value;
        gr_chan_free(values);
    }
    gr_chan *ready = gr_make(int, 0), *cancelled = gr_make(int, 0);
    gr_close(ready);
    for (int i = 0; i < 1 << 16; i++) {        /* started? then go on */
        gr_case cases[] = {gr_case_recv(ready, NULL), gr_case_recv(cancelled, NULL)};
        gr_select(cases, 2);
        gr_recv(ready, NULL);
        table[i] = i;
    }
    return 0;
}
