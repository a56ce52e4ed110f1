/* model.c - memory of findings, and the tables' rows. */
#include "reports/model.h"

#include "runtime/inspect/record.h"
#include "runtime/vocab/wait.h"

#include <string.h>

#define obstack_chunk_alloc malloc
#define obstack_chunk_free free

report_finding *report_finding_new(unsigned kind) {
    report_finding *f = calloc(1, sizeof *f);
    if (!f) abort();
    f->kind = kind;
    obstack_init(&f->memory);
    f->message = "";
    return f;
}

void report_finding_free(report_finding *f) {
    if (!f) return;
    obstack_free(&f->memory, NULL);
    free(f);
}

char *report_text(report_finding *f, const char *text, size_t length) {
    return obstack_copy0(&f->memory, text, length);
}

void *report_grow(report_finding *f, void **array, size_t *count, size_t size) {
    size_t n = *count;
    if ((n & (n - 1)) == 0) { /* full: room is always a power of two */
        char *bigger = obstack_alloc(&f->memory, (n ? 2 * n : 1) * size);
        if (n) memcpy(bigger, *array, n * size);
        *array = bigger;
    }
    *count = n + 1;
    return memset((char *)*array + n * size, 0, size);
}

const report_actor *report_actor_of(const report_finding *f, uint64_t id) {
    for (size_t i = 0; i < f->actor_count; i++)
        if (f->actors[i].id == id) return &f->actors[i];
    return NULL;
}

static const report_kind kinds[] = {
#define FINDING(id, NAME, fail_on, rule, level, headline) {id, #NAME, fail_on, rule, level, headline},
#include "runtime/vocab/finding.def"
#undef FINDING
};

const report_kind *report_kind_of(unsigned id) {
    for (size_t i = 0; i < sizeof kinds / sizeof kinds[0]; i++)
        if (kinds[i].id == id) return &kinds[i];
    return NULL;
}

const report_kind *report_kind_named(const char *name) {
    for (size_t i = 0; i < sizeof kinds / sizeof kinds[0]; i++)
        if (strcmp(kinds[i].name, name) == 0) return &kinds[i];
    return NULL;
}

const char *report_actor_word(unsigned kind) {
    return kind == GR__RECORD_THREAD ? "thread" : kind == GR__RECORD_FIBER ? "fiber" : "goroutine";
}

const char *report_reach_word(unsigned reach) {
    static const char *const words[] = {NULL, "nobody", "ended", "stuck"};
    return reach < sizeof words / sizeof words[0] ? words[reach] : NULL;
}

const char *report_wait_words(unsigned wait) {
    switch (wait) {
#define WAIT(id, NAME, words, waker) case id: return words;
#include "runtime/vocab/wait.def"
#undef WAIT
    default: return "waiting";
    }
}

const char *report_lock_type(unsigned kind) {
    switch (kind) {
#define LOCK(id, NAME, type) case id: return type;
#include "runtime/vocab/lock.def"
#undef LOCK
    default: return NULL;
    }
}

const char *report_waited_type(unsigned wait) {
    switch (wait) {
    case GR__WAIT_MUTEX_LOCK: return "gr_mutex";
    case GR__WAIT_RWMUTEX_RLOCK:
    case GR__WAIT_RWMUTEX_LOCK:
    case GR__WAIT_RWMUTEX_DRAIN: return "gr_rwmutex";
    case GR__WAIT_ONCE: return "gr_once";
    case GR__WAIT_PTHREAD_MUTEX_LOCK: return "mutex";
    case GR__WAIT_PTHREAD_RWLOCK_RDLOCK:
    case GR__WAIT_PTHREAD_RWLOCK_WRLOCK: return "pthread_rwlock_t";
    case GR__WAIT_PTHREAD_SPIN_LOCK: return "pthread_spinlock_t";
    case GR__WAIT_PTHREAD_ONCE: return "pthread_once_t";
    default: return NULL;
    }
}
