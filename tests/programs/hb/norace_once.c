// want: none
/* The function of once happens before every return of it. */
#include "../together.h"

int x;
static gr_once once;

static void set_up(void) { x = 1; }
static void user(void) {
    gr_once_do(&once, set_up);
    (void)*(volatile int *)&x;
}

int main(void) {
    together(user, user);
    return 0;
}
