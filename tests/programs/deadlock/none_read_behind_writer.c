// want: none
/* A reader waits behind a writer, who waits for another reader, who goes on. */
#include "../together.h"

gr_rwmutex lock;
static gr_waitgroup ended;
static atomic_int reads;

static void reader(void) {
    gr_rwmutex_rlock(&lock);
    step_to(&reads, 1);
    while (!__atomic_load_n(&lock.gr__reader_sem.gr__head, __ATOMIC_RELAXED)) gr_gosched();
    gr_rwmutex_runlock(&lock);
    gr_waitgroup_done(&ended);
}
static void writer(void) {
    step_wait(&reads, 1);
    gr_rwmutex_lock(&lock);
    gr_rwmutex_unlock(&lock);
    gr_waitgroup_done(&ended);
}
static void late_reader(void) {
    step_wait(&reads, 1);
    while (__atomic_load_n(&lock.gr__readers, __ATOMIC_RELAXED) >= 0) gr_gosched();
    gr_rwmutex_rlock(&lock);
    gr_rwmutex_runlock(&lock);
    gr_waitgroup_done(&ended);
}

int main(void) {
    gr_waitgroup_add(&ended, 3);
    go(reader);
    go(writer);
    go(late_reader);
    gr_waitgroup_wait(&ended);
    return 0;
}
