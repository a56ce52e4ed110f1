/* giving_back.c - the memory of goroutines that have ended returns to the kernel in a while, whether they
 * used little of their stacks or much. Exit status 0: it did. */
#include <gorace.h>
#include <stdio.h>
#include <stdlib.h>
#include <unistd.h>

enum { MANY = 100000, FRAMES = 30 };
static const gr_duration a_while = 10 * GR_SECOND;

static gr_waitgroup up, down;

static long resident_kb(void) {
    long all, resident;
    FILE *f = fopen("/proc/self/statm", "r");
    if (!f || fscanf(f, "%ld %ld", &all, &resident) != 2) abort();
    fclose(f);
    return resident * (sysconf(_SC_PAGESIZE) / 1024);
}

static int deep(int frames) {
    volatile char room[1000];
    room[0] = 1;
    return frames ? deep(frames - 1) + room[0] : 0;
}
static void park(gr_chan *until, int frames) {
    if (deep(frames) != frames) abort();
    gr_waitgroup_done(&up);
    gr_recv(until, NULL);
    gr_waitgroup_done(&down);
}

static bool given_back(int frames) {
    gr_chan *until = gr_make(int, 0);
    gr_waitgroup_add(&up, MANY);
    gr_waitgroup_add(&down, MANY);
    for (int i = 0; i < MANY; i++) go(park, until, frames);
    gr_waitgroup_wait(&up);
    long peak = resident_kb(), now = peak;
    gr_close(until);
    gr_waitgroup_wait(&down);
    gr_duration ended = gr_now();
    while ((now = resident_kb()) > peak / 4 && gr_now() < ended + a_while) gr_sleep(10 * GR_MILLISECOND);
    printf("%d frames deep: %ld KiB, %ld KiB after %.2f s\n", frames, peak, now,
           (double)(gr_now() - ended) / 1e9);
    gr_chan_free(until);
    return now <= peak / 4;
}

int main(void) {
    bool little = given_back(0), much = given_back(FRAMES);
    return little && much ? 0 : 1;
}
