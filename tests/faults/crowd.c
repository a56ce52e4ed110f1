/* crowd.c - a million goroutines that stay, with less address space than that: crowd MIB. */
#include <gorace.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/resource.h>

enum { MANY = 1000000 };

static void stay(gr_chan *until) { gr_recv(until, NULL); }

int main(int argc, char **argv) {
    rlim_t bytes = argc > 1 ? (rlim_t)strtoull(argv[1], NULL, 10) << 20 : RLIM_INFINITY;
    if (setrlimit(RLIMIT_AS, &(struct rlimit){bytes, bytes}) != 0) abort();
    gr_chan *until = gr_make(int, 0);
    for (int i = 0; i < MANY; i++) go(stay, until);
    printf("%d goroutines\n", gr_num_goroutine());
    return 0;
}
