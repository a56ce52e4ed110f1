// want: race
// stderr: ^Location is global 'calls' of size 8 at \S*race_static_local\.c:7$
/* A static variable of a function. */
#include "../together.h"

static long count(void) {
    static long calls;
    return ++calls;
}
static void user(void) { count(); }

int main(void) {
    together_in_threads(user, user);
    return count() == 0;
}
