// want: race
/* What follows signal and unlock is not ordered with the one who waited. */
#include "../together.h"

int x;
static bool ready;
static gr_mutex lock;
static gr_cond cond;

static void signaller(void) {
    gr_mutex_lock(&lock);
    ready = true;
    gr_cond_signal(&cond);
    gr_mutex_unlock(&lock);
    x = 1;
}
static void waiter(void) {
    gr_mutex_lock(&lock);
    while (!ready)
        gr_cond_wait(&cond);
    gr_mutex_unlock(&lock);
    x = 2;
}

int main(void) {
    gr_cond_init(&cond, &lock);
    together(signaller, waiter);
    return 0;
}
