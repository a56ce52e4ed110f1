/* interpose.c - finds the real functions. Once, on the only thread, before the program begins. */
#include "detector/doors/interpose.h"

#include <dlfcn.h>

gr__real_functions gr__real;

static void *find(const char *name, const char *version) {
    void *found = version ? dlvsym(RTLD_NEXT, name, version) : NULL;
    return found ? found : dlsym(RTLD_NEXT, name);
}

/* A C program has none of them: _Z..., __cxa_... (no function to compare with is there yet). */
static bool is_cxx(const char *name) {
    return name[0] == '_' && (name[1] == 'Z' || (name[1] == '_' && name[2] == 'c' && name[3] == 'x'));
}

static void find_all(bool cxx) {
    static const struct { void *where; const char *name, *version; } table[] = {
#define INTERCEPT(name, result, parameters) {&gr__real.name, #name, NULL},
#define INTERCEPT_AT(name, result, parameters, version) {&gr__real.name, #name, version},
#include "detector/doors/libc.def"
#undef INTERCEPT
#undef INTERCEPT_AT
    };
    for (unsigned i = 0; i < sizeof table / sizeof table[0]; i++)
        if (is_cxx(table[i].name) == cxx)
            *(void **)table[i].where = find(table[i].name, table[i].version);
}

void gr__interceptors_init(void) {
    if (gr__real.malloc) return;
    find_all(false);
    gr__threads_init();
    gr__jumps_init();
    gr__loader_init();
}

/* A look-up that fails calls malloc. The program's own may call what is looked up above, and is
 * instrumented. */
void gr__interceptors_init_cxx(void) { find_all(true); }
