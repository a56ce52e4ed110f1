/* libc_loader.c - libraries that are loaded and unloaded while the program runs. Any thread.
 *
 * What a library's constructors do in dlopen comes before whoever gets the library later; what was done
 * before a dlclose, before the destructors. The loader's lock does this, and it is given back within the
 * real calls, so they are made under one of ours, which must never make a program wait for ever: who
 * does not get it in time goes on without, as it would in libc. Where a library was, nothing is
 * remembered. Libraries that libc loads for itself are not seen. */
#include "detector/doors/interpose.h"

#include <dlfcn.h>
#include <errno.h>
#include <link.h>
#include <sys/syscall.h>

/* --- our lock: the address of a variable of the thread that holds it; it may take it once more --- */

static uintptr_t holder; /* atomic */
static __thread int depth;

enum { TRIES = 20000, NAP_NS = 50 * 1000 };

static bool enter(void) {
    uintptr_t me = (uintptr_t)&depth;
    if (GR__LOAD(&holder) == me) {
        depth++;
        return true;
    }
    for (int i = 0; i < TRIES; i++) {
        uintptr_t none = 0;
        if (GR__CAS(&holder, &none, me)) {
            depth = 1;
            return true;
        }
        struct timespec nap = {0, NAP_NS};
        int saved = errno;
        syscall(SYS_nanosleep, &nap, NULL);
        errno = saved;
    }
    return false;
}
static void leave(bool entered) {
    if (entered && --depth == 0) GR__STORE(&holder, 0);
}

/* --- opening --- */

__attribute__((visibility("hidden"))) void *(*gr__real_dlopen)(const char *, int); /* for dlopen.S */
__attribute__((visibility("hidden"))) bool gr__loader_tells_caller(const char *name, int flags,
                                                                   uintptr_t caller);
__attribute__((visibility("hidden"))) void *gr__loader_open(const char *name, int flags,
                                                            uintptr_t caller);

void gr__loader_init(void) { gr__real_dlopen = REAL(dlopen); }

static int in_main(struct dl_phdr_info *about, size_t size, void *address) {
    (void)size;
    uintptr_t a = *(uintptr_t *)address;
    for (unsigned i = 0; i < about->dlpi_phnum; i++) {
        const ElfW(Phdr) *segment = &about->dlpi_phdr[i];
        if (segment->p_type == PT_LOAD && a - (about->dlpi_addr + segment->p_vaddr) < segment->p_memsz) return 2;
    }
    return 1; /* the program is the first */
}

/* We lie in the program, and speak for it. A library's caller matters for names that are looked for. */
bool gr__loader_tells_caller(const char *name, int flags, uintptr_t caller) {
    (void)flags;
    if (!gr__seen()) return true;
    if (name && *name == '/' && !REAL(strchr)(name, '$')) return false;
    return dl_iterate_phdr(in_main, &caller) != 2;
}

void *gr__loader_open(const char *name, int flags, uintptr_t caller) {
    uintptr_t pc = caller - 1;
    READS_STRING(name);
    bool entered = enter();
    gr__inside i = gr__go_inside(caller);
    void *library = REAL(dlopen)(name, flags);
    gr__come_out(i);
    if (library) {
        GR__SYNC_TO(LOADER, library, pc);
        GR__SYNC_FROM(LOADER, library, pc);
    }
    leave(entered);
    return library;
}

/* --- closing --- */

typedef struct span { uintptr_t low, high; } span;
typedef struct map {
    span *spans;
    size_t count, room;
    unsigned long long unloaded; /* libraries, so far */
} map;

/* The first call counts (spans is NULL), the second notes. */
static int note(struct dl_phdr_info *about, size_t size, void *into) {
    (void)size;
    map *m = into;
    m->unloaded = about->dlpi_subs;
    uintptr_t low = UINTPTR_MAX, high = 0;
    for (unsigned i = 0; i < about->dlpi_phnum; i++) {
        const ElfW(Phdr) *segment = &about->dlpi_phdr[i];
        if (segment->p_type != PT_LOAD) continue;
        uintptr_t at = about->dlpi_addr + segment->p_vaddr;
        if (at < low) low = at;
        if (at + segment->p_memsz > high) high = at + segment->p_memsz;
    }
    if (m->spans && m->count < m->room && low < high) m->spans[m->count] = (span){low, high};
    if (low < high) m->count++;
    return 0;
}
static map loaded(void) {
    map m = {.count = 0};
    dl_iterate_phdr(note, &m);
    m.room = m.count;
    m.count = 0;
    m.spans = gr__alloc(m.room * sizeof *m.spans);
    if (m.spans) dl_iterate_phdr(note, &m);
    if (m.count > m.room) m.count = m.room; /* somebody loaded one in between */
    return m;
}
static void drop(map *m) {
    if (m->spans) gr__free(m->spans, m->room * sizeof *m->spans);
}

static void forget_missing(const map *before, const map *after) {
    for (size_t i = 0; i < before->count; i++) {
        bool there = false;
        for (size_t k = 0; k < after->count && !there; k++)
            there = after->spans[k].low < before->spans[i].high && before->spans[i].low < after->spans[k].high;
        if (!there) gr__memory_reset(before->spans[i].low, before->spans[i].high - before->spans[i].low);
    }
}

GR__EXPORT int dlclose(void *library) {
    if (!gr__seen()) return REAL(dlclose)(library);
    HERE;
    bool entered = enter();
    map before = loaded();
    GR__SYNC_FROM(LOADER, library, pc);
    GR__SYNC_TO(LOADER, library, pc);
    gr__inside i = gr__go_inside(GR__PC);
    int failed = REAL(dlclose)(library);
    gr__come_out(i);
    map after = loaded();
    if (before.spans && after.spans && after.unloaded != before.unloaded) forget_missing(&before, &after);
    drop(&before);
    drop(&after);
    leave(entered);
    return failed;
}
