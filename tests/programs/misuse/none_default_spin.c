// want: none
/* A loop around a select with a default polls: nothing is closed. */
#include <gorace.h>

int main(void) {
    gr_chan *left = gr_make(int, 0), *right = gr_make(int, 0);
    int a, b, idle = 0;
    for (int turns = 0; turns < 200000; turns++) {
        gr_case cases[] = {gr_case_recv(left, &a), gr_case_recv(right, &b)};
        if (gr_select_default(cases, 2) < 0) idle++;
        if (gr_try_recv(left, &a) == GR_EMPTY) idle++;
    }
    return idle == 400000 ? 0 : 1;
}
