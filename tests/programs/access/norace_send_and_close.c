// want: none
/* Sends and closes in order: the one who sends closes, or who closes has been told that all is sent. */
#include "../together.h"

static gr_chan *ch, *sent;

static void sender(void) {
    for (int i = 0; i < 4; i++) gr_send_value(ch, int, i);
    gr_try_send(ch, &(int){4});
    gr_case cases[] = {gr_case_send(ch, &(int){5})};
    gr_select(cases, 1);
    gr_send_value(sent, int, 1);
}
static void closer(void) {
    gr_recv(sent, NULL);
    gr_close(ch);
}

int main(void) {
    ch = gr_make(int, 8);
    sent = gr_make(int, 0);
    together(sender, closer);
    while (gr_recv(ch, NULL)) {}
    return 0;
}
