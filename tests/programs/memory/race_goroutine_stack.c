// want: race
// stderr: ^Location is stack of goroutine \d+
/* Two goroutines write to a variable on the stack of a third. */
#include "../together.h"

static gr_chan *addresses, *done, *end;

static void writer(void) {
    long *p;
    gr_recv(addresses, &p);
    *p += 1;
    gr_send_value(done, int, 1);
}
static void owner(void) {
    long mine = 0, *p = &mine;
    gr_send(addresses, &p);
    gr_send(addresses, &p);
    gr_recv(done, NULL);
    gr_recv(done, NULL);
    gr_send_value(end, int, mine > 2);
}

int main(void) {
    int failed = 1;
    addresses = gr_make(long *, 0);
    done = gr_make(int, 0);
    end = gr_make(int, 0);
    go(writer);
    go(writer);
    go(owner);
    gr_recv(end, &failed);
    return failed;
}
