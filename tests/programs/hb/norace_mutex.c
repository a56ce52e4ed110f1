// want: none
/* The same mutex orders its critical sections, a successful try included. */
#include "../together.h"

int x;
static gr_mutex a;

static void one(void) {
    gr_mutex_lock(&a);
    x++;
    gr_mutex_unlock(&a);
}
static void two(void) {
    while (!gr_mutex_try_lock(&a))
        gr_gosched();
    x++;
    gr_mutex_unlock(&a);
}

int main(void) {
    together(one, two);
    return x != 2;
}
