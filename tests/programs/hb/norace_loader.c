// want: none
// flags: -O1 -D_GNU_SOURCE
/* Who gets a library comes after who got it before: its constructors ran there. */
#include "../together.h"

#include <dlfcn.h>
#include <stddef.h>

int x, y;
static void *library;
static atomic_int step;

static void first(void) {
    x = 1;
    library = dlopen("libm.so.6", RTLD_NOW);
    step_to(&step, 1);
    step_wait_in_thread(&step, 2);
    y = 1;
    dlclose(library);
    step_to(&step, 3);
}
static void second(void) {
    step_wait_in_thread(&step, 1);
    void *same = dlopen("libm.so.6", RTLD_NOW);
    x++;
    step_to(&step, 2);
    step_wait_in_thread(&step, 3);
    dlclose(same);
    y++;
}

int main(void) {
    together_in_threads(first, second);
    return x != 2 || y != 2;
}
