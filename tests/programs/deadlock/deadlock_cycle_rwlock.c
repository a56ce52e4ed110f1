// want: deadlock writer
// stderr: ^WARNING: DEADLOCK$
// stderr: and holds pthread_rwlock_t 'b' .* to read, taken at:
/* A reader waits for what a writer has, who waits for the reader, and there is another reader. */
#include "../together.h"

pthread_rwlock_t a = PTHREAD_RWLOCK_INITIALIZER, b = PTHREAD_RWLOCK_INITIALIZER;
static atomic_int there;

static void meet(void) {
    atomic_fetch_add_explicit(&there, 1, memory_order_relaxed);
    step_wait_in_thread(&there, 3);
}
static void *writer(void *unused) {
    pthread_rwlock_wrlock(&a);
    meet();
    pthread_rwlock_wrlock(&b);
    return unused;
}
static void *reader(void *unused) {
    pthread_rwlock_rdlock(&b);
    meet();
    pthread_rwlock_rdlock(&a);
    return unused;
}
static void *other_reader(void *unused) {
    pthread_rwlock_rdlock(&b);
    meet();
    pthread_rwlock_unlock(&b);
    return unused;
}

int main(void) {
    pthread_t threads[3];
    pthread_create(&threads[0], NULL, writer, NULL);
    pthread_create(&threads[1], NULL, reader, NULL);
    pthread_create(&threads[2], NULL, other_reader, NULL);
    for (int i = 0; i < 3; i++) pthread_join(threads[i], NULL);
    return 0;
}
