// want: fatal
// stderr: ^fatal error: context: free of a context that has children$
// stderr: ^goroutine 1 \[running\]:
/* Children are freed before their parents. */
#include <gorace.h>

int main(void) {
    gr_context *parent = gr_with_cancel(gr_background());
    gr_with_cancel(parent);
    gr_context_free(parent);
    return 0;
}
