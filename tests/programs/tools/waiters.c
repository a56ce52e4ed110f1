// want: leak crowd
// args: 3 end
/* So many goroutines wait three calls deep, one for a lock, one in a select; then comes what the second
 * argument says. For tests of dumps and of the gdb script. */
#include <gorace.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define CALL __attribute__((noinline, noclone)) static

static volatile int done;
static gr_chan *never, *other;
static gr_mutex taken;
static gr_waitgroup begun;

CALL void inner(gr_chan *c) {
    int x;
    gr_waitgroup_done(&begun);
    gr_recv(c, &x); /* inner waits */
    done = x;
}
CALL void middle(gr_chan *c, int number) {
    char large[50000];
    memset(large, number, sizeof large);
    inner(c); /* middle calls */
    done = large[number];
}
CALL void outer(gr_chan *c, int number) {
    middle(c, number); /* outer calls */
    done++;
}
CALL void locker(void) {
    gr_set_name("locker");
    gr_waitgroup_done(&begun);
    gr_mutex_lock(&taken); /* locker waits */
    done++;
}
CALL void chooser(void) {
    gr_case cases[] = {gr_case_recv(never, NULL), gr_case_send(other, &(int){1})};
    gr_waitgroup_done(&begun);
    gr_select(cases, 2); /* chooser waits */
    done++;
}
CALL void spinner(void) {
    gr_waitgroup_done(&begun);
    while (!done) {} /* spinner runs */
}
CALL void crowd(void) {
    gr_waitgroup_done(&begun);
    gr_recv(never, NULL); /* crowd waits */
    done++;
}

static void on_quit(int number) {
    (void)number;
    _Exit(7);
}

int main(int argc, char **argv) {
    int n = argc > 1 ? atoi(argv[1]) : 3;
    const char *then = argc > 2 ? argv[2] : "end";
    if (strcmp(then, "own-handler-before") == 0) signal(SIGQUIT, on_quit);
    if (strcmp(then, "ignored") == 0) signal(SIGQUIT, SIG_IGN);
    never = gr_make(int, 0);
    other = gr_make(int, 2);
    gr_mutex_lock(&taken);
    gr_send_value(other, int, 0);
    gr_send_value(other, int, 0);
    gr_waitgroup_add(&begun, n + 3);
    for (int i = 0; i < n; i++) go(crowd);
    go(outer, never, 3);
    go(locker);
    go(chooser);
    gr_waitgroup_wait(&begun);
    if (strcmp(then, "spin") == 0) {
        gr_waitgroup_add(&begun, 1);
        go(spinner);
        gr_waitgroup_wait(&begun);
    }
    for (int i = 0; i < 100; i++) gr_gosched();
    if (strcmp(then, "own-handler-after") == 0) signal(SIGQUIT, on_quit);
    if (strcmp(then, "panic") == 0) gr_panic("enough");
    if (strcmp(then, "abort") == 0) abort();
    puts("ready");
    fflush(stdout);
    if (strcmp(then, "deadlock") == 0) gr_recv(never, NULL);
    if (strcmp(then, "end") != 0)
        for (int i = 0; i < 30; i++) gr_sleep(GR_SECOND);
    _Exit(0);
}
