// want: none
// stdout: ^2 words$
/* parser_nil_channel.c repaired: a drained input is set to NULL, which disables its case, and the loop
 * ends when no input is left. Several inputs may close in any order.
 */
#include <gorace.h>
#include <stdio.h>

static void parser(gr_chan *lines, gr_chan *includes, gr_chan *counted) {
    const char *line;
    gr_case cases[] = {gr_case_recv(lines, &line), gr_case_recv(includes, &line)};
    int words = 0;
    for (int open = 2; open > 0;) {
        int i = gr_select(cases, 2);
        if (cases[i].ok) {
            words++;
        } else {
            cases[i].chan = NULL;
            open--;
        }
    }
    gr_send_value(counted, int, words);
}

int main(void) {
    gr_chan *lines = gr_make(const char *, 0), *includes = gr_make(const char *, 0);
    gr_chan *counted = gr_make(int, 0);

    go(parser, lines, includes, counted);
    gr_send_value(lines, const char *, "let");
    gr_close(lines);
    gr_send_value(includes, const char *, "there");
    gr_close(includes);
    int words;
    gr_recv(counted, &words);
    printf("%d words\n", words);
    return 0;
}
