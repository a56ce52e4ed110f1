// want: race plugin_careless
// stderr: Found 1 data race\(s\)
// library: plugin.c
// args: 50
// full: 1000
/* Two threads race in a library that was loaded and unloaded many times before. */
#include <dlfcn.h>
#include <pthread.h>
#include <stdlib.h>

static void (*careless)(void);

static void *work(void *unused) {
    careless();
    return unused;
}

int main(int argc, char **argv) {
    const char *path = getenv("TORTURE_LIBRARY");
    pthread_t threads[2];
    void *library = NULL;
    for (int i = 0; i < (argc > 1 ? atoi(argv[1]) : 50); i++) {
        if (library) dlclose(library);
        library = dlopen(path, RTLD_NOW);
        careless = library ? (void (*)(void))dlsym(library, "plugin_careless") : NULL;
        if (!careless) return 1;
        careless();
    }
    for (int i = 0; i < 2; i++) pthread_create(&threads[i], NULL, work, NULL);
    for (int i = 0; i < 2; i++) pthread_join(threads[i], NULL);
    dlclose(library);
    return 0;
}
