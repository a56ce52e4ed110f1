/* option.h - how options are written in $GORACE, $GORACE_OPTIONS, $TSAN_OPTIONS and .gorace.conf: for the
 * library, which reads them in the program, and the tool. No allocation. */
#ifndef GR_RUNTIME_VOCAB_OPTION_H
#define GR_RUNTIME_VOCAB_OPTION_H

#include <stdbool.h>
#include <stddef.h>

enum { GR__OPTION_OURS = 0, GR__OPTION_GO = 1, GR__OPTION_TSAN = 2 }; /* who else has it: option.def */

/* What a word may end in. */
#define GR__OPTION_ENDS " :\t\r\n"
#define GR__OPTION_ENDS_TSAN GR__OPTION_ENDS ","
#define GR__OPTION_FILE ".gorace.conf"

typedef struct gr__option_word {
    const char *text;   /* the word as it stands, its key first */
    size_t length, key_length;
    const char *value;  /* without its quotes; NULL: there is no '=' */
    size_t value_length;
} gr__option_word;

static inline bool gr__option_in(char c, const char *set) {
    for (; *set; set++)
        if (*set == c) return true;
    return false;
}

/* The next `key=value` at *at; false: there is none. A value in quotes may hold anything but such a quote;
 * a word that begins with # is a comment, to the end of its line. */
static inline bool gr__option_next(const char **at, const char *ends, gr__option_word *out) {
    const char *p = *at;
    for (;; p++) {
        if (*p == '#')
            while (*p && *p != '\n') p++;
        if (!*p || !gr__option_in(*p, ends)) break;
    }
    *out = (gr__option_word){.text = p};
    while (*p && *p != '=' && !gr__option_in(*p, ends)) p++;
    out->key_length = (size_t)(p - out->text);
    if (*p == '=') {
        char quote = p[1] == '"' || p[1] == '\'' ? p[1] : 0;
        const char *value = p + (quote ? 2 : 1);
        for (p = value; *p && (quote ? *p != quote : !gr__option_in(*p, ends)); p++) {}
        out->value = value;
        out->value_length = (size_t)(p - value);
        if (quote && *p) p++;
    }
    out->length = (size_t)(p - out->text);
    *at = p;
    return out->length > 0;
}

static inline bool gr__option_is(const gr__option_word *w, const char *key) {
    size_t n = 0;
    while (n < w->key_length && key[n] && key[n] == w->text[n]) n++;
    return n == w->key_length && !key[n];
}

/* The value as a number within its bounds; false: it is none. */
static inline bool gr__option_number(const gr__option_word *w, long low, long high, long *out) {
    long n = 0;
    for (size_t i = 0; i < w->value_length; i++) {
        if (w->value[i] < '0' || w->value[i] > '9' || n > high / 10) return false;
        n = 10 * n + (w->value[i] - '0');
    }
    if (!w->value || !w->value_length || n < low || n > high) return false;
    *out = n;
    return true;
}

/* A share above 0 and up to 1, as 1%, 0.5% or 0.01; *out in millionths. */
static inline bool gr__option_share(const gr__option_word *w, long *out) {
    const char *p = w->value, *end = p ? p + w->value_length : p;
    long n = 0, unit = 1000000;
    bool digits = false, point = false;
    if (!p) return false;
    if (p < end && end[-1] == '%') {
        end--;
        unit = 10000;
    }
    for (; p < end; p++) {
        if (*p == '.' && !point) point = true;
        else if (*p < '0' || *p > '9') return false;
        else if (point) n += (*p - '0') * (unit /= 10), digits = true;
        else if ((n = 10 * n + (*p - '0') * unit) > 1000000) return false;
        else digits = true;
    }
    if (!digits || n <= 0 || n > 1000000) return false;
    *out = n;
    return true;
}

#endif
