// want: race
/* What follows once is not ordered, whoever ran the function. */
#include "../together.h"

int x;
static gr_once once;

static void set_up(void) {}
static void user(void) {
    gr_once_do(&once, set_up);
    x++;
}

int main(void) {
    together(user, user);
    return 0;
}
