// want: deadlock reader
// stderr: ^WARNING: DEADLOCK$
// stderr: waits for gr_rwmutex 'lock' .*, which goroutine \d+ waits for
// stderr: and holds gr_rwmutex 'lock' .* to read, taken at:
/* A reader reads once more while a writer waits for it: it gets in line behind the writer. */
#include "../together.h"

gr_rwmutex lock;
static atomic_int reads;

static void reader(void) {
    gr_rwmutex_rlock(&lock);
    step_to(&reads, 1);
    while (__atomic_load_n(&lock.gr__readers, __ATOMIC_RELAXED) >= 0) gr_gosched();
    gr_rwmutex_rlock(&lock);
}
static void writer(void) {
    step_wait(&reads, 1);
    gr_rwmutex_lock(&lock);
}

int main(void) {
    go(reader);
    go(writer);
    gr_recv(NULL, NULL);
    return 0;
}
