// want: none
/* Everything at once, for ever: channels, starting and ending, malloc, dlopen. For signals at any moment;
 * without an argument it does nothing. */
#include <dlfcn.h>
#include <gorace.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

static void hand_on(gr_chan *from, gr_chan *to) {
    for (int x; gr_recv(from, &x);) {
        free(malloc((size_t)(x % 1000 + 1)));
        gr_send_value(to, int, x + 1);
    }
}
static void load(void) {
    for (;;) {
        void *library = dlopen("libm.so.6", RTLD_NOW);
        if (library) dlclose(library);
        gr_gosched();
    }
}
static void nothing(void) {}

int main(int argc, char **argv) {
    if (argc < 2 || strcmp(argv[1], "forever") != 0) return 0;
    for (int i = 0; i < 20; i++) {
        gr_chan *a = gr_make(int, 0), *b = gr_make(int, 0);
        go(hand_on, a, b);
        go(hand_on, b, a);
        gr_send_value(a, int, i);
    }
    go(load);
    puts("ready");
    fflush(stdout);
    for (;;) {
        go(nothing);
        gr_gosched();
    }
}
