// want: race
// stderr: ^Location is global 'table' of size 1440 \(table\[3\]\[1\]\.limits\.high\) at \S*race_global_member\.c:13$
/* The report says which part of a variable it is. */
#include "../together.h"

struct account {
    char owner[64];
    long balance;
    struct {
        int low, high;
    } limits;
};
struct account table[6][3];

static void change(void) { table[3][1].limits.high = 1; }

int main(void) {
    together_in_threads(change, change);
    return 0;
}
