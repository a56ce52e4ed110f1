// want: deadlock
// stderr: ^goroutine 1 \[chan receive\]:$
// stderr: ^goroutine 2 \[chan receive\]:$
// stderr: ^goroutine 3 \[chan receive\]:$
/* Each of three waits for the next one; the dump names them all. */
#include <gorace.h>

static gr_chan *ring[3];

static void member(int i) {
    gr_recv(ring[i], NULL);
    gr_send_value(ring[(i + 1) % 3], int, i);
}

int main(void) {
    for (int i = 0; i < 3; i++)
        ring[i] = gr_make(int, 0);
    go(member, 1);
    go(member, 2);
    member(0);
    return 0;
}
