// want: none
// stdout: ^sum of the squares: 385$
/* Three workers take jobs from one channel and put results on another.
 *
 * Nothing goes wrong here, and gorace must say so: every number travels over a channel, closing
 * `jobs` ends the workers, and the collector knows how many results to expect.
 */
#include <gorace.h>
#include <stdio.h>

enum { WORKERS = 3, JOBS = 10 };

static void worker(gr_chan *jobs, gr_chan *results, gr_waitgroup *ended) {
    int n;
    while (gr_recv(jobs, &n))
        gr_send_value(results, int, n * n);
    gr_waitgroup_done(ended);
}

int main(void) {
    gr_chan *jobs = gr_make(int, 5), *results = gr_make(int, 5);
    gr_waitgroup ended = {0};

    gr_waitgroup_add(&ended, WORKERS);
    for (int i = 0; i < WORKERS; i++)
        go(worker, jobs, results, &ended);

    int sum = 0, given = 0, taken = 0;
    while (taken < JOBS) {
        int next = given + 1, result;
        gr_case cases[] = {gr_case_recv(results, &result),
                           gr_case_send(given < JOBS ? jobs : NULL, &next)};
        if (gr_select(cases, 2) == 0) {
            sum += result;
            taken++;
        } else {
            given++;
        }
    }
    gr_close(jobs);
    gr_waitgroup_wait(&ended);
    printf("sum of the squares: %d\n", sum);
    gr_chan_free(jobs);
    gr_chan_free(results);
    return 0;
}
