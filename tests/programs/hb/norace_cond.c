// want: none
/* A signal happens before the end of the wait that it ends, whatever the mutex says. */
#include "../together.h"

int x;
static atomic_int holds;
static gr_mutex lock;
static gr_cond cond;

static void signaller(void) {
    step_wait(&holds, 1);
    gr_mutex_lock(&lock); /* got once the waiter waits */
    gr_mutex_unlock(&lock);
    x = 1;
    gr_cond_signal(&cond);
}
static void waiter(void) {
    gr_mutex_lock(&lock);
    step_to(&holds, 1);
    gr_cond_wait(&cond);
    gr_mutex_unlock(&lock);
    x++;
}

int main(void) {
    gr_cond_init(&cond, &lock);
    together(signaller, waiter);
    return 0;
}
