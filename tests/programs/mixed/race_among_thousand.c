// want: race lost
/* Two of a thousand goroutines race; the others are careful. */
#include <gorace.h>

int counter, lost;
static gr_mutex lock;
static gr_waitgroup ended;

static void careful(void) {
    gr_mutex_lock(&lock);
    counter++;
    gr_mutex_unlock(&lock);
    gr_waitgroup_done(&ended);
}
static void careless(void) {
    lost++;
    gr_waitgroup_done(&ended);
}

int main(void) {
    gr_waitgroup_add(&ended, 1000);
    go(careless);
    for (int i = 0; i < 998; i++)
        go(careful);
    go(careless);
    gr_waitgroup_wait(&ended);
    return counter != 998;
}
