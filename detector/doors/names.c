/* names.c - names of threads and fibers, for reports. A name may be read by any thread while it is set:
 * its memory stays, and ends in a zero always. What is said of a thread that has not come here yet waits
 * in `early`: whoever takes it out of there frees it. */
#include "detector/doors/interpose.h"
#include "detector/doors/runtime_door.h"

enum { SIZE = 64 };

static gr__address_map names; /* by the actor's id */
static gr__address_map early; /* by the thread's */

static const void *key(uint64_t actor) { return (const void *)(uintptr_t)actor; }

static void copy(char *to, const char *name) {
    size_t n = 0;
    for (; name && name[n] && n < SIZE - 1; n++) to[n] = name[n];
    to[n] = 0;
}

void gr__name_set(const gr__actor *actor, const char *name) {
    char *text = (char *)(uintptr_t)gr__address_get(&names, key(actor->id));
    if (!text) {
        text = gr__alloc(SIZE);
        if (!text) return;
        gr__address_put(&names, key(actor->id), (uintptr_t)text);
    }
    copy(text, name);
}

const char *gr__name_of(uint64_t actor) {
    const char *text = (const char *)(uintptr_t)gr__address_get(&names, key(actor));
    if (!text || !*text) text = gr__goroutine_name(actor);
    return text && *text ? text : NULL;
}

static const void *key_of(pthread_t id) { return (const void *)(uintptr_t)id; }

void gr__name_begin(const gr__actor *actor) {
    char *name = (char *)(uintptr_t)gr__address_put(&early, key_of(pthread_self()), 0);
    if (!name) return;
    gr__name_set(actor, name);
    gr__free(name, SIZE);
}

GR__EXPORT int pthread_setname_np(pthread_t id, const char *name) {
    int failed = REAL(pthread_setname_np)(id, name);
    if (failed || !gr__seen()) return failed;
    if (pthread_equal(id, pthread_self())) {
        if (gr__me->kind == GR__ACTOR_THREAD) gr__name_set(gr__me, name);
        return 0;
    }
    char *kept = gr__alloc(SIZE);
    if (kept) copy(kept, name);
    if (kept) kept = (char *)(uintptr_t)gr__address_put(&early, key_of(id), (uintptr_t)kept);
    if (kept) gr__free(kept, SIZE);
    const gr__actor *actor = gr__thread_actor(id);
    if (!actor) return 0;
    kept = (char *)(uintptr_t)gr__address_put(&early, key_of(id), 0);
    if (!kept) return 0;
    gr__name_set(actor, kept);
    gr__free(kept, SIZE);
    return 0;
}
