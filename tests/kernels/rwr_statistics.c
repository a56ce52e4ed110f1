// class: resource deadlock: RWR
// want: GR2001 average
/* `report` reads under the read lock and calls `average`, which takes it once more. A writer that has
 * come in between waits for the first, and keeps the second out. Repaired: `average` expects the lock. */
#include "kernel.h"

static gr_rwmutex lock;
static int sum = 10, count = 2;
static gr_chan *reading;

static int average(void) {
    int value;
#ifndef REPAIRED
    gr_rwmutex_rlock(&lock);
#endif
    value = sum / count;
#ifndef REPAIRED
    gr_rwmutex_runlock(&lock);
#endif
    return value;
}
static void report(void) {
    gr_rwmutex_rlock(&lock);
    gr_close(reading);
    wait_for_writer(&lock);
    average();
    gr_rwmutex_runlock(&lock);
}
static void record(void) {
    gr_recv(reading, NULL);
    gr_rwmutex_lock(&lock);
    sum += 5;
    count++;
    gr_rwmutex_unlock(&lock);
}

int main(void) {
    reading = gr_make(int, 0);
    together(report, record);
    return 0;
}
