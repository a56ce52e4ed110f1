// want: race
/* The send of a select and a close that are not ordered race on the channel itself. */
#include "../together.h"

static gr_chan *ch;
static atomic_int sent;

static void sender(void) {
    gr_case cases[] = {gr_case_send(ch, &(int){1})};
    gr_select(cases, 1);
    step_to(&sent, 1);
}
static void closer(void) {
    step_wait(&sent, 1); /* in time only: a send behind the close would panic */
    gr_close(ch);
}

int main(void) {
    ch = gr_make(int, 8);
    together(sender, closer);
    return 0;
}
