// class: captured variable
// want: GR1001 open_shard
/* Each goroutine gets the address of the loop's variable, which has moved on when it looks. Repaired:
 * its value. */
#include "kernel.h"

enum { SHARDS = 3 };

#ifdef REPAIRED
static void open_shard(int shard, gr_waitgroup *opened) {
    (void)shard;
#else
static void open_shard(volatile int *which, gr_waitgroup *opened) {
    int shard = *which;
    (void)shard;
#endif
    gr_waitgroup_done(opened);
}

int main(void) {
    gr_waitgroup opened = {0};
    gr_waitgroup_add(&opened, SHARDS);
    for (int i = 0; i < SHARDS; i++)
#ifdef REPAIRED
        go(open_shard, i, &opened);
#else
        go(open_shard, &i, &opened);
#endif
    gr_waitgroup_wait(&opened);
    return 0;
}
