// want: misuse
// stderr: use of a freed channel
// stderr: ^Freed by main goroutine at:
/* A channel is freed twice. */
#include <gorace.h>

int main(void) {
    gr_chan *ch = gr_make(int, 1);
    gr_chan_free(ch);
    gr_chan_free(ch);
    return 0;
}
