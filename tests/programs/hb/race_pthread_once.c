// want: race
/* What follows once is not ordered, whoever ran the function. */
#include "../together.h"

int x;
static pthread_once_t once = PTHREAD_ONCE_INIT;

static void set_up(void) {}
static void user(void) {
    pthread_once(&once, set_up);
    x++;
}

int main(void) {
    together_in_threads(user, user);
    return 0;
}
