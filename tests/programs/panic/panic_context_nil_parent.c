// want: panic
// stderr: ^panic: cannot create context from nil parent$
// stderr: ^goroutine 1 \[running\]:
/* A context has a parent, the background at least. */
#include <gorace.h>

int main(void) {
    gr_with_timeout(NULL, GR_SECOND);
    return 0;
}
