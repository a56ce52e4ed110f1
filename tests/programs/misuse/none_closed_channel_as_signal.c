// want: none
/* A closed channel that is asked now and then is the usual sign to stop, not a spin. */
#include <gorace.h>

int main(void) {
    gr_chan *stop = gr_make(int, 0), *work = gr_make(int, 0);
    gr_close(stop);
    for (int i = 0; i < 500; i++) {
        gr_case cases[] = {gr_case_recv(stop, NULL), gr_case_recv(work, NULL)};
        gr_select(cases, 2);
    }
    return 0;
}
