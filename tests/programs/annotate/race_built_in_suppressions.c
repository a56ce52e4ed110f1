// want: race
// stderr: Location is global 'y'
/* What the program's own suppressions do not name is reported; its options hold. */
#include "../annotations.h"

const char *__tsan_default_suppressions(void);
const char *__tsan_default_options(void);

int x, y;

const char *__tsan_default_suppressions(void) { return "race:count_roughly"; }
const char *__tsan_default_options(void) { return "halt_on_error=1"; }

static void count_roughly(void) { x++; }
static void count(void) { y++; }

int main(void) {
    together_in_threads(count_roughly, count_roughly);
    together_in_threads(count, count);
    for (;;) gr_gosched();
}
