// want: leak wait_for_nobody wait_for_signal acquire_too_much
// want: deadlock lock_twice
// stderr: sync\.WaitGroup\.Wait\] has been blocked
// stderr: sync\.Cond\.Wait\] has been blocked
// stderr: semacquire\] has been blocked
/* Locks and the like in blocks of the heap that nobody else has. Who waits for itself is told as that, at once. */
#include "lost.h"

static void *behind;

/* Zeros. Not the last block that malloc has given out: libc keeps a pointer to its end. */
static void *own(size_t size) {
    void *block = calloc(1, size);
    STORE(behind, malloc(100));
    return block;
}

static void lock_twice(void) {
    gr_mutex *m = own(sizeof *m);
    gr_waitgroup_done(&begun);
    gr_mutex_lock(m);
    gr_mutex_lock(m);
    free(m);
}
static void wait_for_nobody(void) {
    gr_waitgroup *w = own(sizeof *w);
    gr_waitgroup_add(w, 1);
    gr_waitgroup_done(&begun);
    gr_waitgroup_wait(w);
    free(w);
}
typedef struct both { gr_mutex mutex; gr_cond cond; } both;
static void wait_for_signal(void) {
    both *b = own(sizeof *b);
    gr_cond_init(&b->cond, &b->mutex);
    gr_mutex_lock(&b->mutex);
    gr_waitgroup_done(&begun);
    gr_cond_wait(&b->cond);
    free(b);
}
static void acquire_too_much(void) {
    gr_sem *s = own(sizeof *s);
    gr_sem_init(s, 1);
    gr_sem_acquire(s, 1);
    gr_waitgroup_done(&begun);
    gr_sem_acquire(s, 1);
    free(s);
}
static void forget(void) {
    go(lock_twice);
    go(wait_for_nobody);
    go(wait_for_signal);
    go(acquire_too_much);
}

int main(void) {
    leave_behind(forget, 4);
    search(3);
    return 0;
}
