// want: none
/* A hundred goroutines, one channel, one sum. */
#include <gorace.h>

static void part(gr_chan *sums, int from) {
    long sum = 0;
    for (int i = from; i < from + 100; i++)
        sum += i;
    gr_send(sums, &sum);
}

int main(void) {
    gr_chan *sums = gr_make(long, 10);
    for (int i = 0; i < 100; i++)
        go(part, sums, i * 100);
    long total = 0, sum;
    for (int i = 0; i < 100; i++) {
        gr_recv(sums, &sum);
        total += sum;
    }
    gr_chan_free(sums);
    return total != 49995000;
}
