// want: none
/* Goroutines use errno, and other storage of the thread that they run on, one after the other. */
#include "../together.h"
#include <errno.h>
#include <string.h>

enum { GOROUTINES = 50 };
__thread struct {
    int calls;
    char text[40];
} scratch;
static gr_waitgroup ended;

static void user(int number) {
    errno = number;
    scratch.calls++;
    memset(scratch.text, number, sizeof scratch.text);
    gr_waitgroup_done(&ended);
}

int main(void) {
    gr_waitgroup_add(&ended, GOROUTINES + 1);
    for (int i = 0; i < GOROUTINES; i++) go(user, i);
    user(1);
    gr_waitgroup_wait(&ended);
    return 0;
}
