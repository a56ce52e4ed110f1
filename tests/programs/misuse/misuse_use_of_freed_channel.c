// want: misuse
// status: 66
// stderr: use of a freed channel
/* A channel that was freed is used. */
#include <gorace.h>

int main(void) {
    gr_chan *ch = gr_make(int, 1);
    gr_chan_free(ch);
    return gr_try_send(ch, &(int){1});
}
