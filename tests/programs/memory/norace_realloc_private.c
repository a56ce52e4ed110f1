// want: none
/* Each thread has its own blocks, whatever the allocator does inside. */
#include "../together.h"
#include <stdlib.h>
#include <string.h>

static void user(void) {
    char *text = NULL;
    for (size_t n = 1; n < 5000; n += 37) {
        text = realloc(text, n);
        memset(text, 'x', n);
    }
    free(text);
    free(strdup("and a copy"));
}

int main(void) {
    together_in_threads(user, user);
    return 0;
}
