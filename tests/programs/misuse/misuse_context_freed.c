// want: misuse
// stderr: use of a freed channel
// stderr: ^Freed by main goroutine at:\n  main\(\)
/* The done channel of a context goes with the context. */
#include <gorace.h>

int main(void) {
    gr_context *context = gr_with_cancel(gr_background());
    gr_chan *done = gr_context_done(context);
    gr_context_free(context);
    gr_recv(done, NULL);
    return 0;
}
