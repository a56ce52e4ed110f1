/* libc_environment.c - the environment as memory: the variable environ stands for all of it. Any thread.
 *
 * libc's own lock keeps changes apart, so these are atomic writes; who looks takes no lock. */
#include "detector/doors/interpose.h"

#pragma GCC diagnostic ignored "-Wnonnull-compare"

static void looks(uintptr_t pc) { READS(&environ, sizeof environ); }
static void changes(uintptr_t pc) {
    if (gr__seen())
        gr__access(gr__me, (uintptr_t)&environ, sizeof environ, GR__ACCESS_WRITE | GR__ACCESS_ATOMIC, pc);
}
GR__EXPORT char *getenv(const char *name) {
    HERE;
    READS_STRING(name);
    looks(pc);
    return REAL(getenv)(name);
}
GR__EXPORT char *secure_getenv(const char *name) {
    HERE;
    READS_STRING(name);
    looks(pc);
    return REAL(secure_getenv)(name);
}
GR__EXPORT int setenv(const char *name, const char *value, int replace) {
    HERE;
    READS_STRING(name);
    READS_STRING(value);
    changes(pc);
    gr__inside i = gr__go_inside(GR__PC);
    int failed = REAL(setenv)(name, value, replace);
    gr__come_out(i);
    return failed;
}
GR__EXPORT int unsetenv(const char *name) {
    HERE;
    READS_STRING(name);
    changes(pc);
    return REAL(unsetenv)(name);
}
GR__EXPORT int putenv(char *text) {
    HERE;
    READS_STRING(text);
    changes(pc);
    gr__inside i = gr__go_inside(GR__PC);
    int failed = REAL(putenv)(text);
    gr__come_out(i);
    return failed;
}
GR__EXPORT int clearenv(void) {
    changes(PLACE);
    return REAL(clearenv)();
}
