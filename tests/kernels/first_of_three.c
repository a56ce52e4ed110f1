// class: communication deadlock: missing receive
// want: GR3001 ask_replica
/* Three replicas are asked at once, the first answer is taken: the other two wait for ever with
 * theirs. Repaired: room for all answers. */
#include "kernel.h"

enum { REPLICAS = 3 };

static void ask_replica(int replica, gr_chan *answers) { gr_send(answers, &replica); }
APART int fastest(void) {
    int answer;
#ifdef REPAIRED
    gr_chan *answers = gr_make(int, REPLICAS);
#else
    gr_chan *answers = gr_make(int, 0);
#endif
    for (int i = 0; i < REPLICAS; i++)
        go(ask_replica, i, answers);
    gr_recv(answers, &answer);
    return answer;
}

int main(void) {
    fastest();
    settle();
    return 0;
}
