/* options.c - $TSAN_OPTIONS, .gorace.conf, $GORACE and $GORACE_OPTIONS, read once before the program
 * begins, behind what it has built in; the later ones win. What is wrong is told, and left out: the
 * program runs all the same. */
#include "detector/doors/doors.h"
#include "runtime/vocab/option.h"

#include <fcntl.h>
#include <stdlib.h>
#include <string.h>
#include <sys/syscall.h>
#include <unistd.h>

gr__options gr__option = {
#define BOOL(value) value
#define INT(value) value
#define STR(value) value
#define SHARE(value) (long)(1e6 * value)
#define OPTION(type, name, value, low, high, others, help) .name = type(value),
#include "runtime/vocab/option.def"
#undef OPTION
#undef BOOL
#undef INT
#undef STR
#undef SHARE
};

enum type { TYPE_BOOL, TYPE_INT, TYPE_STR, TYPE_SHARE };

static const struct {
    const char *name, *value, *help, *bounds;
    void *where;
    long low, high;
    enum type type;
    unsigned others;
} table[] = {
#define OPTION(type, name, value, low, high, others, help)                                        \
    {#name, #value, help, #low " to " #high, &gr__option.name, low, high, TYPE_##type, others},
#include "runtime/vocab/option.def"
#undef OPTION
};

enum { COUNT = sizeof table / sizeof table[0] };

static void say(const char *text, size_t length) {
    if (syscall(SYS_write, 2, text, length) < 0) return;
}
static void say_all(const char *text) { say(text, strlen(text)); }

/* False: not a value of that type. */
static bool set(unsigned i, const gr__option_word *w) {
    static const char *const words[] = {"0", "1", "false", "true", "no", "yes"};
    char *text = table[i].where;
    if (!w->value) return false;
    switch (table[i].type) {
    case TYPE_STR:
        if (w->value_length >= GR__OPTION_TEXT) return false;
        memcpy(text, w->value, w->value_length);
        text[w->value_length] = 0;
        return true;
    case TYPE_INT: return gr__option_number(w, table[i].low, table[i].high, table[i].where);
    case TYPE_SHARE: return gr__option_share(w, table[i].where);
    default:
        for (unsigned k = 0; k < sizeof words / sizeof words[0]; k++) {
            if (strlen(words[k]) != w->value_length || memcmp(words[k], w->value, w->value_length) != 0) continue;
            *(bool *)table[i].where = k & 1;
            return true;
        }
        return false;
    }
}

static void say_pieces(const char *const *pieces) {
    for (; *pieces; pieces++) say_all(*pieces);
}

static void left_out(const gr__option_word *w) {
    say_all(": '");
    say(w->text, w->length);
    say_all("' is left out\n");
}

static void read_word(const char *from, unsigned others, const gr__option_word *w) {
    for (unsigned i = 0; i < COUNT; i++) {
        if (!gr__option_is(w, table[i].name)) continue;
        if (others && !(table[i].others & others)) break;
        if (set(i, w)) return;
        bool number = table[i].type == TYPE_INT;
        const char *wants = number ? "a number from "
                            : table[i].type == TYPE_STR ? "a shorter text"
                            : table[i].type == TYPE_SHARE ? "a share such as 1% or 0.01" : "0 or 1";
        say_pieces((const char *const[]){"gorace: ", from, ": ", table[i].name, " wants ", wants,
                                         number ? table[i].bounds : "", NULL});
        left_out(w);
        return;
    }
    if (others == GR__OPTION_TSAN) return;
    say_pieces((const char *const[]){"gorace: ", from, ": there is no such option", NULL});
    left_out(w);
}

/* others: whose words these are; those of others mean nothing there. */
static void read_text(const char *from, const char *text, unsigned others) {
    gr__option_word w;
    const char *ends = others == GR__OPTION_TSAN ? GR__OPTION_ENDS_TSAN : GR__OPTION_ENDS;
    while (text && gr__option_next(&text, ends, &w)) read_word(from, others, &w);
}

static void read_file(void) {
    char text[8192];
    long n, length = 0;
    long fd = syscall(SYS_openat, AT_FDCWD, GR__OPTION_FILE, O_RDONLY | O_CLOEXEC | O_NONBLOCK, 0);
    if (fd < 0) return;
    while ((n = syscall(SYS_read, fd, text + length, sizeof text - 1 - (size_t)length)) > 0) length += n;
    syscall(SYS_close, fd);
    text[length] = 0;
    read_text(GR__OPTION_FILE, text, GR__OPTION_OURS);
}

static void help(void) {
    say_all("Options of GORACE_OPTIONS:\n");
    for (unsigned i = 0; i < COUNT; i++)
        say_pieces((const char *const[]){"  ", table[i].name, "=", table[i].value, "\n        ",
                                         table[i].help, "\n", NULL});
}

/* A program may define it, as for ThreadSanitizer. */
extern const char *__tsan_default_options(void) __attribute__((weak));

void gr__options_init(void) {
    if (__tsan_default_options)
        read_text("__tsan_default_options", __tsan_default_options(), GR__OPTION_TSAN);
    read_text("TSAN_OPTIONS", getenv("TSAN_OPTIONS"), GR__OPTION_TSAN);
    read_file();
    read_text("GORACE", getenv("GORACE"), GR__OPTION_GO);
    read_text("GORACE_OPTIONS", getenv("GORACE_OPTIONS"), GR__OPTION_OURS);
    if (gr__option.help) help();
}
