/* interpose.c - finds the real functions. Once, on the only thread, before the program begins. */
#include "detector/doors/interpose.h"

#include <dlfcn.h>

gr__real_functions gr__real;

static void *find(const char *name, const char *version) {
    void *found = version ? dlvsym(RTLD_NEXT, name, version) : NULL;
    return found ? found : dlsym(RTLD_NEXT, name);
}

void gr__interceptors_init(void) {
    if (gr__real.malloc) return;
    static const struct { void *where; const char *name, *version; } table[] = {
#define INTERCEPT(name, result, parameters) {&gr__real.name, #name, NULL},
#define INTERCEPT_AT(name, result, parameters, version) {&gr__real.name, #name, version},
#include "detector/doors/libc.def"
#undef INTERCEPT
#undef INTERCEPT_AT
    };
    for (unsigned i = 0; i < sizeof table / sizeof table[0]; i++)
        *(void **)table[i].where = find(table[i].name, table[i].version);
    gr__threads_init();
    gr__jumps_init();
    gr__loader_init();
}
