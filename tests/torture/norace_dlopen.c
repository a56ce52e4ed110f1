// want: none
// library: plugin.c
// args: 100
// full: 5000
/* Threads load a library, call it and unload it, over and over: sometimes it is mapped anew, at the address it
 * had or at another. What was at that address before has no part in it. */
#include <dlfcn.h>
#include <pthread.h>
#include <stdio.h>
#include <stdlib.h>

static const char *path;
static int times;

static void *work(void *argument) {
    for (int i = 0; i < times; i++) {
        void *library = dlopen(path, i % 2 ? RTLD_NOW : RTLD_LAZY);
        int (*call)(int) = library ? (int (*)(int))dlsym(library, "plugin_work") : NULL;
        if (!call || call((int)(long)argument) < 1) {
            printf("%s\n", dlerror());
            exit(1);
        }
        dlclose(library);
    }
    return NULL;
}

int main(int argc, char **argv) {
    pthread_t threads[3];
    times = argc > 1 ? atoi(argv[1]) : 100;
    path = getenv("TORTURE_LIBRARY");
    for (long i = 0; i < 3; i++) pthread_create(&threads[i], NULL, work, (void *)(i + 1));
    for (int i = 0; i < 3; i++) pthread_join(threads[i], NULL);
    return 0;
}
