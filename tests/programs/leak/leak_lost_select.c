// want: leak stuck
// stderr: ^Goroutine \d+ .*\[select\] has been blocked for .* and nothing can wake it:$
// stderr: ^  case 0: receive from channel .*its other users have all ended$
// stderr: ^  case 1: receive from nil channel$
// stderr: ^  case 2: send to channel .*: nobody else can reach it$
/* A select is explained case by case: a channel that another made who ended, none, and one of its own. */
#include "lost.h"

static void stuck(gr_chan *theirs) {
    int v = 1;
    gr_case cases[] = {gr_case_recv(theirs, NULL), gr_case_recv(NULL, NULL), gr_case_send(gr_make(int, 0), &v)};
    gr_waitgroup_done(&begun);
    gr_select(cases, 3);
}
static void forget(void) { go(stuck, gr_make(int, 0)); }

int main(void) {
    leave_behind(forget, 1);
    return search(1) == 1 ? 0 : 1;
}
