// class: communication deadlock: missing receive
// want: GR3001 install
/* Packages are installed side by side; the channel of errors has room for one, and only the first is
 * read. Two fail after that. Repaired: room for as many as may fail. */
#include "kernel.h"

enum { PACKAGES = 4 };

static void install(int package, gr_chan *errors) {
    if (package != 0) gr_send(errors, &package);
}
APART int install_all(void) {
    int error;
#ifdef REPAIRED
    gr_chan *errors = gr_make(int, PACKAGES);
#else
    gr_chan *errors = gr_make(int, 1);
#endif
    for (int i = 0; i < PACKAGES; i++)
        go(install, i, errors);
    gr_recv(errors, &error);
    return error;
}

int main(void) {
    install_all();
    settle();
    return 0;
}
