// want: none
// stderr: nothing found, \d+ suppressed
/* A program brings its own suppressions and options, as for ThreadSanitizer. */
#include "../annotations.h"

const char *__tsan_default_suppressions(void);
const char *__tsan_default_options(void);

int x;

const char *__tsan_default_suppressions(void) { return "# known\nrace:count_roughly\nnonsense\n"; }
const char *__tsan_default_options(void) { return "halt_on_error=1:second_deadlock_stack=1"; }

static void count_roughly(void) { x++; }

int main(void) {
    together_in_threads(count_roughly, count_roughly);
    return 0;
}
