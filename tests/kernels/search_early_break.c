// class: communication deadlock: missing receive
// want: GR3001 list_files
/* A search through a list of files ends with the first match; who lists them waits for ever with the
 * next one. Repaired: a channel `enough` that is closed at the end of the search. */
#include "kernel.h"

static void list_files(gr_chan *files, gr_chan *enough) {
    for (int file = 0; file < 100; file++) {
        gr_case cases[] = {gr_case_send(files, &file), gr_case_recv(enough, NULL)};
        if (gr_select(cases, 2) == 1) return;
    }
    gr_close(files);
}
APART int search(int wanted) {
    gr_chan *files = gr_make(int, 0), *enough = gr_make(int, 0);
    int file;
    go(list_files, files, enough);
    while (gr_recv(files, &file) && file != wanted) {}
#ifdef REPAIRED
    gr_close(enough);
#endif
    return file;
}

int main(void) {
    printf("found in %d\n", search(3));
    settle();
    return 0;
}
