// want: race
/* What is done outside of the function that runs once is not ordered by it. */
#include "../together.h"

#include <threads.h>

int x;
static once_flag flag = ONCE_FLAG_INIT;

static void nothing(void) {}
static void user(void) {
    call_once(&flag, nothing);
    x++;
}

int main(void) {
    together_in_threads(user, user);
    return 0;
}
