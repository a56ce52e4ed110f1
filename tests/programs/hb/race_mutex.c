// want: race
/* Two mutexes order nothing between them. */
#include "../together.h"

int x;
static gr_mutex a;
static gr_mutex b;

static void one(void) {
    gr_mutex_lock(&a);
    x++;
    gr_mutex_unlock(&a);
}
static void two(void) {
    gr_mutex_lock(&b);
    x++;
    gr_mutex_unlock(&b);
}

int main(void) {
    together(one, two);
    return 0;
}
