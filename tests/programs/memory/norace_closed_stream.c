// want: none
/* Many threads may use one FILE, and the last to leave closes it. */
#include "../together.h"

#include <stdio.h>

static FILE *out;
static atomic_int users = 2;

static void user(void) {
    char buffer[10];
    for (int i = 0; i < 100; i++) {
        fprintf(out, "%d", i);
        fwrite("abc", 1, 3, out);
        putc('\n', out);
        fseek(out, 0, SEEK_SET);
        if (!fgets(buffer, sizeof buffer, out)) clearerr(out);
        fflush(out);
    }
    if (atomic_fetch_sub(&users, 1) == 1) fclose(out);
}

int main(void) {
    out = tmpfile();
    if (!out) return 1;
    together_in_threads(user, user);
    return 0;
}
