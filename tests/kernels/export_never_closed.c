// class: communication deadlock: missing close
// want: GR2001 write_rows
/* An export writes rows until their channel is closed, which nobody does. Repaired: the reader of the
 * table closes it. */
#include "kernel.h"

static void read_table(gr_chan *rows) {
    for (int row = 0; row < 5; row++)
        gr_send(rows, &row);
#ifdef REPAIRED
    gr_close(rows);
#endif
}
static void write_rows(gr_chan *rows, gr_chan *written) {
    int count = 0;
    for (int row; gr_recv(rows, &row);)
        count++;
    gr_send(written, &count);
}

int main(void) {
    gr_chan *rows = gr_make(int, 2), *written = gr_make(int, 0);
    int count;
    go(read_table, rows);
    go(write_rows, rows, written);
    gr_recv(written, &count);
    printf("%d rows\n", count);
    return 0;
}
