// want: none
/* The partner of the case that a select takes happens before the select returns. */
#include "../together.h"

int x, y;
static gr_chan *ch, *never;

static void sender(void) {
    x = 1;
    gr_case cases[] = {gr_case_send(ch, &(int){1}), gr_case_recv(never, NULL)};
    gr_select(cases, 2);
    y++;
}
static void chooser(void) {
    y = 1;
    gr_case cases[] = {gr_case_recv(never, NULL), gr_case_recv(ch, NULL)};
    gr_select(cases, 2);
    x++;
}

int main(void) {
    ch = gr_make(int, 0);
    never = gr_make(int, 0);
    together(sender, chooser);
    return 0;
}
