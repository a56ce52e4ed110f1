// want: race 'x' 'y'
// flags: -O1 -D_GNU_SOURCE
/* Another library orders nothing, and what is done after dlopen came too late. */
#include "../together.h"

#include <dlfcn.h>
#include <stddef.h>

int x, y;
static atomic_int step;

static void first(void) {
    x = 1;
    dlopen("libm.so.6", RTLD_NOW);
    y = 1;
    step_to(&step, 1);
}
static void second(void) {
    step_wait_in_thread(&step, 1);
    dlopen("libc.so.6", RTLD_NOW);
    x++;
    dlopen("libm.so.6", RTLD_NOW);
    y++;
}

int main(void) {
    together_in_threads(first, second);
    return 0;
}
