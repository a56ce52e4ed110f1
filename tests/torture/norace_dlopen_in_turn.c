// want: none
// library: plugin.c
// args: 20
// full: 1000
/* Threads load, call and unload a library one after the other, in an order that only time knows: each has it
 * at the address where the last one had it, and that is other memory. */
#include <dlfcn.h>
#include <pthread.h>
#include <sched.h>
#include <stdatomic.h>
#include <stdlib.h>

static const char *path;
static int times;
static atomic_int turn;

static void *work(void *argument) {
    int me = (int)(long)argument;
    for (int i = 0; i < times; i++) {
        while (atomic_load_explicit(&turn, memory_order_relaxed) != i * 3 + me) sched_yield();
        void *library = dlopen(path, RTLD_NOW);
        void (*call)(void) = library ? (void (*)(void))dlsym(library, "plugin_careless") : NULL;
        if (!call) exit(1);
        call();
        dlclose(library);
        atomic_store_explicit(&turn, i * 3 + me + 1, memory_order_relaxed);
    }
    return NULL;
}

int main(int argc, char **argv) {
    pthread_t threads[3];
    times = argc > 1 ? atoi(argv[1]) : 20;
    path = getenv("TORTURE_LIBRARY");
    for (long i = 0; i < 3; i++) pthread_create(&threads[i], NULL, work, (void *)i);
    for (int i = 0; i < 3; i++) pthread_join(threads[i], NULL);
    return 0;
}
