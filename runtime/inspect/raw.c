/* raw.c - see raw.h. The caller holds the session's lock, which guards the line buffer. Places are
 * printed as numbers, with what is needed to look them up: the modules and their load addresses. */
#include "runtime/inspect/raw.h"

#include "runtime/inspect/record.h"

#include <sys/syscall.h>
#include <unistd.h>

static const char *const headlines[] = {
#define FINDING(id, NAME, fail_on, rule, level, headline) [id] = headline,
#include "runtime/vocab/finding.def"
#undef FINDING
};
static const char *const waits[] = {
#define WAIT(id, NAME, words, waker) [id] = words,
#include "runtime/vocab/wait.def"
#undef WAIT
};
#define COUNT(table) (sizeof(table) / sizeof(table)[0])

static char line[4096];
static size_t used;

static void flush(void) {
    size_t at = 0;
    while (at < used) {
        long n = syscall(SYS_write, 2, line + at, used - at);
        if (n <= 0) break;
        at += (size_t)n;
    }
    used = 0;
}

static void put(const char *text, size_t length) {
    for (size_t i = 0; i < length; i++) {
        if (used == sizeof line) flush();
        line[used++] = text[i];
    }
}
static void words(const char *text) { put(text, strlen(text)); }

static void number(uint64_t n, unsigned base) {
    char digits[24];
    size_t at = sizeof digits;
    do digits[--at] = "0123456789abcdef"[n % base];
    while (n /= base);
    if (base == 16) words("0x");
    put(digits + at, sizeof digits - at);
}

static void stack(gr__stack_pcs s) {
    for (uint32_t i = 0; i < s.count; i++) {
        words("\t");
        number(gr__stack_pc(s, i), 16);
        words("\n");
    }
}

static void headline(const gr__rec_finding *f) {
    const char *h = f->kind < COUNT(headlines) ? headlines[f->kind] : NULL;
    for (; h && *h; h++) {
        if (h[0] == '%' && h[1] == 's') {
            put(f->message.text, f->message.length);
            h++;
        } else {
            put(h, 1);
        }
    }
    words("\n");
}

static void access_line(const gr__rec_access *a) {
    words(a->order ? "previous " : "");
    words(a->flags & GR__RECORD_WRITE ? "write of " : "read of ");
    number(a->size, 10);
    words(" bytes at ");
    number(a->address, 16);
    words("\n");
    stack(a->stack);
}

static void actor_lines(const gr__rec_actor *a) {
    words(a->kind == GR__RECORD_THREAD ? "\nthread " : "\ngoroutine ");
    number(a->number, 10);
    words(" [");
    words(a->wait < COUNT(waits) && waits[a->wait] ? waits[a->wait] : "waiting");
    words("]:\n");
    stack(a->stack);
    if (!a->created_at.count) return;
    words("created at\n");
    stack(a->created_at);
}

static void module_line(const gr__rec_module *m) {
    words("gorace: loaded at ");
    number(m->bias, 16);
    words(": ");
    put(m->path.text, m->path.length);
    words("\n");
}

void gr__raw_print(const char *records, size_t length) {
    while (length >= 8) {
        uint32_t id, n;
        memcpy(&id, records, 4);
        memcpy(&n, records + 4, 4);
        records += 8;
        length -= 8;
        if (n > length) break;
        union {
            gr__rec_finding finding;
            gr__rec_access access;
            gr__rec_actor actor;
            gr__rec_module module;
            gr__rec_note note;
        } u;
        if (id == GR__RECORD_FINDING && gr__get_finding(records, n, &u.finding)) headline(&u.finding);
        if (id == GR__RECORD_ACCESS && gr__get_access(records, n, &u.access)) access_line(&u.access);
        if (id == GR__RECORD_ACTOR && gr__get_actor(records, n, &u.actor)) actor_lines(&u.actor);
        if (id == GR__RECORD_MODULE && gr__get_module(records, n, &u.module)) module_line(&u.module);
        if (id == GR__RECORD_NOTE && gr__get_note(records, n, &u.note)) {
            put(u.note.text.text, u.note.text.length);
            words("\n");
        }
        records += n;
        length -= n;
    }
    flush();
}
