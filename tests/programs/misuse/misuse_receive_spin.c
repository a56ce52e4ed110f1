// want: misuse
// stderr: a loop receives from a closed channel
// stderr: ^Closed by goroutine 2 at:\n  producer\(\)
/* A consumer never looks at what gr_recv returns: behind the last value it consumes zeros. */
#include <gorace.h>

static void producer(gr_chan *values) {
    for (int i = 1; i <= 10; i++) gr_send(values, &i);
    gr_close(values);
}

int main(void) {
    gr_chan *values = gr_make(int, 4);
    long sum = 0;
    go(producer, values);
    for (int turns = 0; turns < 5000; turns++) {
        int value;
        gr_recv(values, &value);
        sum += value;
    }
    return sum == 55 ? 0 : 1;
}
