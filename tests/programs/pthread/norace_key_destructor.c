// want: none
/* Destructors of thread-specific data come after all that the thread did and before its join. */
#include <pthread.h>
#include <threads.h>

int x;
static pthread_key_t key;
static tss_t c11_key;

static void add(void *value) { ++*(int *)value; }
static void again(void *value) {
    if (++*(int *)value < 4) tss_set(c11_key, value);
}
static void *thread(void *value) {
    static int rounds;
    x = 1;
    rounds = 0;
    pthread_setspecific(key, value);
    tss_set(c11_key, &rounds);
    return &rounds;
}

int main(void) {
    pthread_t id;
    void *rounds;
    pthread_key_create(&key, add);
    tss_create(&c11_key, again);
    for (int i = 0; i < 3; i++) {
        pthread_create(&id, NULL, thread, &x);
        pthread_join(id, &rounds);
        if (++x != 3 || *(int *)rounds < 2) return 1;
    }
    return 0;
}
