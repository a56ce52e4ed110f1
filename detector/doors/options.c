/* options.c - $GORACE and $GORACE_OPTIONS, read once before the program begins. */
#include "detector/doors/doors.h"

#include <stdlib.h>
#include <string.h>
#include <sys/syscall.h>
#include <unistd.h>

gr__options gr__option = {
#define BOOL(value) value
#define INT(value) value
#define STR(value) value
#define OPTION(type, name, value, go, help) .name = type(value),
#include "runtime/vocab/option.def"
#undef OPTION
#undef BOOL
#undef INT
#undef STR
};

enum type { TYPE_BOOL, TYPE_INT, TYPE_STR };

static const struct {
    const char *name, *value, *help;
    void *where;
    enum type type;
    bool go;
} table[] = {
#define OPTION(type, name, value, go, help) {#name, #value, help, &gr__option.name, TYPE_##type, go},
#include "runtime/vocab/option.def"
#undef OPTION
};

enum { COUNT = sizeof table / sizeof table[0] };

static void say(const char *text, size_t length) {
    if (syscall(SYS_write, 2, text, length) < 0) return;
}
static void say_all(const char *text) { say(text, strlen(text)); }

static bool is_space(char c) { return c == ' ' || c == '\t' || c == '\n' || c == ':'; }

/* False: not a value of that type. */
static bool set(unsigned i, const char *value, size_t length) {
    char text[256];
    if (length >= sizeof text) return false;
    memcpy(text, value, length);
    text[length] = 0;
    char *end;
    long number = strtol(text, &end, 0);
    bool is_number = length && !*end;
    switch (table[i].type) {
    case TYPE_STR:
        memcpy(table[i].where, text, length + 1);
        return true;
    case TYPE_INT:
        if (!is_number) return false;
        *(long *)table[i].where = number;
        return true;
    default:
        if (!is_number && strcmp(text, "true") != 0 && strcmp(text, "false") != 0) return false;
        *(bool *)table[i].where = is_number ? number != 0 : text[0] == 't';
        return true;
    }
}

static void warn(const char *variable, const char *key, size_t length, const char *what) {
    say_all("gorace: ");
    say_all(variable);
    say_all(what);
    say(key, length);
    say_all("' is left out\n");
}

static void read_word(const char *variable, bool go, const char *word, size_t length) {
    const char *equal = memchr(word, '=', length);
    size_t name = equal ? (size_t)(equal - word) : length;
    for (unsigned i = 0; i < COUNT; i++) {
        if (strlen(table[i].name) != name || memcmp(table[i].name, word, name) != 0) continue;
        if (go && !table[i].go) break;
        if (!equal || !set(i, equal + 1, length - name - 1))
            warn(variable, word, length, ": not a value of this option: '");
        return;
    }
    warn(variable, word, length, ": the unknown option '");
}

static void read_variable(const char *variable, bool go) {
    const char *at = getenv(variable);
    while (at && *at) {
        size_t length = 0;
        while (at[length] && !is_space(at[length])) length++;
        if (length) read_word(variable, go, at, length);
        at += length + (at[length] != 0);
    }
}

static void help(void) {
    say_all("Options of GORACE_OPTIONS:\n");
    for (unsigned i = 0; i < COUNT; i++) {
        say_all("  ");
        say_all(table[i].name);
        say_all("=");
        say_all(table[i].value);
        say_all("\n        ");
        say_all(table[i].help);
        say_all("\n");
    }
}

void gr__options_init(void) {
    read_variable("GORACE", true);
    read_variable("GORACE_OPTIONS", false);
    if (gr__option.help) help();
}
