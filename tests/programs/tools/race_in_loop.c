// want: race counter
/* Two threads add to one counter in a hot loop, two calls down: argument 1 is how often. */
#include <pthread.h>
#include <stdlib.h>

long counter;

__attribute__((noinline)) static void leaf(long i) {
    counter += i;
    __asm__ volatile("" ::: "memory");
}
__attribute__((noinline)) static void middle(long i) {
    leaf(i);
    __asm__ volatile("");
}
static void *run(void *times) {
    for (long i = 0; i < (long)times; i++) middle(i);
    return NULL;
}

int main(int argc, char **argv) {
    long times = argc > 1 ? atol(argv[1]) : 1000;
    pthread_t threads[2];
    for (int i = 0; i < 2; i++) pthread_create(&threads[i], NULL, run, (void *)times);
    for (int i = 0; i < 2; i++) pthread_join(threads[i], NULL);
    return 0;
}
