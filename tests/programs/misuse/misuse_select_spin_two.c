// want: misuse
// stderr: select spins on a closed channel
// stderr: Set the channel variable|set the channel variable to NULL
/* Both inputs are closed, and the select takes one or the other; there is a default, too. */
#include <gorace.h>

int main(void) {
    gr_chan *left = gr_make(int, 0), *right = gr_make(int, 0);
    int sum = 0;
    gr_close(left);
    gr_close(right);
    for (int turns = 0; turns < 5000; turns++) {
        int a = 0, b = 0;
        gr_case cases[] = {gr_case_recv(left, &a), gr_case_recv(right, &b)};
        if (gr_select_default(cases, 2) < 0) break;
        sum += a + b;
    }
    return sum;
}
