// want: none
/* The function of once happens before every return of it. */
#include "../together.h"

int x;
static pthread_once_t once = PTHREAD_ONCE_INIT;

static void set_up(void) { x = 1; }
static void user(void) {
    pthread_once(&once, set_up);
    (void)*(volatile int *)&x;
}

int main(void) {
    together_in_threads(user, user);
    return 0;
}
