// want: leak parser
// stderr: \[select \(nil chans\)
// stderr: nothing can wake it
// stderr: case 0: receive from nil channel
// stderr: case 1: receive from nil channel
/* A parser reads lines until its input is closed, and then waits for the order to stop.
 *
 * What goes wrong: nobody ever made the channel `stop`. While there are lines all is well. Once the
 * input is drained both cases are nil, no case can ever be ready, and the goroutine stays for ever
 * with all that it holds. Repaired in parser_repaired.c.
 */
#include <gorace.h>
#include <stdio.h>
#include <stdlib.h>

struct service {
    gr_chan *lines, *stop, *counted;
};

static void parser(struct service *s) {
    gr_chan *lines = s->lines;
    const char *line;
    for (int words = 0;;) {
        gr_case cases[] = {gr_case_recv(lines, &line), gr_case_recv(s->stop, NULL)};
        if (gr_select(cases, 2) == 1)
            return;
        if (cases[0].ok) {
            words++;
            continue;
        }
        gr_send_value(s->counted, int, words);
        lines = NULL; /* drained: never choose this case again */
    }
}

int main(void) {
    struct service *s = calloc(1, sizeof *s);
    s->lines = gr_make(const char *, 0);
    s->counted = gr_make(int, 0);

    go(parser, s);
    gr_send_value(s->lines, const char *, "let");
    gr_send_value(s->lines, const char *, "there");
    gr_close(s->lines);
    int words;
    gr_recv(s->counted, &words);
    printf("%d words\n", words);
    gr_sleep(100 * GR_MILLISECOND); /* the service goes on with other things */
    return 0;
}
