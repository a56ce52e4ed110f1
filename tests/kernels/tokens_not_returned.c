// class: communication deadlock: missing send
// want: GR2001 upload
/* Uploads are limited by tokens in a channel. One that fails keeps its token; when all tokens are gone,
 * nobody uploads any more. Repaired: the token goes back either way. */
#include "kernel.h"

static void upload(int part, gr_chan *tokens, gr_waitgroup *ended) {
    int token;
    gr_recv(tokens, &token);
    if (part % 2 == 0) gr_send(tokens, &token);
#ifdef REPAIRED
    else gr_send(tokens, &token); /* the part failed */
#endif
    gr_waitgroup_done(ended);
}

int main(void) {
    gr_chan *tokens = gr_make(int, 2);
    gr_waitgroup ended = {0};
    for (int i = 0; i < 2; i++)
        gr_send(tokens, &i);
    gr_waitgroup_add(&ended, 6);
    for (int part = 0; part < 6; part++)
        go(upload, part, tokens, &ended);
    gr_waitgroup_wait(&ended);
    return 0;
}
