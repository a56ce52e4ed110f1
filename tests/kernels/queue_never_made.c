// class: communication deadlock: nil channel
// want: GR3001 deliver
/* A mailer has two queues; the one for urgent mail is never made. Who listens to it alone waits for
 * ever. Repaired: it is made. */
#include "kernel.h"

struct mailer { gr_chan *normal, *urgent; };

static void deliver(gr_chan *queue) {
    for (int letter; gr_recv(queue, &letter);)
        printf("letter %d\n", letter);
}

int main(void) {
    struct mailer mailer = {.normal = gr_make(int, 1)};
#ifdef REPAIRED
    mailer.urgent = gr_make(int, 1);
#endif
    go(deliver, mailer.normal);
    go(deliver, mailer.urgent);
    gr_send_value(mailer.normal, int, 1);
    gr_close(mailer.normal);
    if (mailer.urgent) gr_close(mailer.urgent);
    settle();
    return 0;
}
