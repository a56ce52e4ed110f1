/* peer_argobots.c - the workload of runtime.c that Argobots (M:N, no channels) has too, of the same
 * name, on one execution stream: `peer_argobots batch` prints ns per thread created, run and joined. */
#include <abt.h>
#include <stdio.h>
#include <string.h>
#include <time.h>

enum { BATCH = 1000, THREADS = 1000000 };

static double clock_ns(void) {
    struct timespec t;
    clock_gettime(CLOCK_MONOTONIC, &t);
    return 1e9 * (double)t.tv_sec + (double)t.tv_nsec;
}

static long ran;

static void nothing(void *argument) {
    (void)argument;
    ran++;
}

/* A pool that one stream alone uses is the quickest there is. */
static ABT_pool own_pool(void) {
    ABT_xstream here;
    ABT_pool pool = ABT_POOL_NULL;
    if (ABT_xstream_self(&here) != ABT_SUCCESS ||
        ABT_pool_create_basic(ABT_POOL_FIFO, ABT_POOL_ACCESS_PRIV, ABT_TRUE, &pool) != ABT_SUCCESS ||
        ABT_xstream_set_main_sched_basic(here, ABT_SCHED_DEFAULT, 1, &pool) != ABT_SUCCESS)
        return ABT_POOL_NULL;
    return pool;
}

static int batch(ABT_pool pool) {
    static ABT_thread threads[BATCH];
    for (long done = 0; done < THREADS; done += BATCH) {
        for (int i = 0; i < BATCH; i++)
            if (ABT_thread_create(pool, nothing, NULL, ABT_THREAD_ATTR_NULL, &threads[i]) != ABT_SUCCESS)
                return 1;
        for (int i = 0; i < BATCH; i++) ABT_thread_free(&threads[i]);   /* joins it */
    }
    return 0;
}

int main(int argc, char **argv) {
    if (argc < 2 || strcmp(argv[1], "batch") != 0) return 2;
    if (ABT_init(0, NULL) != ABT_SUCCESS) return 1;
    ABT_pool pool = own_pool();
    if (pool == ABT_POOL_NULL) return 1;
    double begun = clock_ns();
    if (batch(pool)) return 1;
    printf("%.2f\n", (clock_ns() - begun) / THREADS);
    return ABT_finalize() != ABT_SUCCESS || ran != THREADS;
}
