// want: race
/* A select is ordered after the partner of the case it took, not after those of the others. */
#include "../together.h"

int x;
static gr_chan *first, *second, *go_on;

static void late(void) {
    x = 1;
    gr_recv(go_on, NULL);
    gr_send_value(second, int, 2);
}
static void chooser(void) {
    gr_case cases[] = {gr_case_recv(first, NULL), gr_case_recv(second, NULL)};
    gr_select(cases, 2); /* the second can't be ready yet */
    x = 2;
    gr_send_value(go_on, int, 1);
    gr_recv(second, NULL);
}

int main(void) {
    first = gr_make(int, 1);
    second = gr_make(int, 0);
    go_on = gr_make(int, 0);
    gr_send_value(first, int, 1);
    together(late, chooser);
    return 0;
}
