// want: misuse
// stderr: use of a freed channel
/* A channel is closed after it was freed. */
#include <gorace.h>

int main(void) {
    gr_chan *ch = gr_make(int, 1);
    gr_chan_free(ch);
    gr_close(ch);
    return 0;
}
