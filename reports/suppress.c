/* suppress.c - suppressions in ThreadSanitizer's syntax: lines `word:pattern`, '#' comments.
 *
 * A pattern is found anywhere in a name; `*` stands for anything, `^` and `$` for its ends. Names
 * are functions, files and modules of every stack, and the variable of a race.
 */
#include "reports/output.h"

#include <errno.h>
#include <limits.h>
#include <string.h>

typedef struct rule {
    char *pattern;
    const char *word; /* row of the table below */
    bool top_only;
} rule;

struct suppressions {
    rule *rules;
    size_t count;
};

/* TSan's words, and ours. fail_on: the findings it speaks of; "": accepted, has no meaning here. */
static const struct { const char *word, *fail_on; } vocabulary[] = {
    {"race", "race"}, {"race_top", "race"}, {"deadlock", "deadlock"}, {"mutex", "misuse"},
    {"thread", "leak"}, {"leak", "leak"}, {"misuse", "misuse"}, {"lock-order", "lock-order"},
    {"signal", ""}, {"called_from_lib", ""},
};

struct suppressions *suppressions_read(const char *path, const char **error) {
    static char sentence[PATH_MAX + 160];
    FILE *in = fopen(path, "r");
    if (!in) {
        snprintf(sentence, sizeof sentence, "can't read suppressions %s: %s", path, strerror(errno));
        *error = sentence;
        return NULL;
    }
    struct suppressions *s = calloc(1, sizeof *s);
    if (!s) abort();
    char *line = NULL;
    size_t size = 0;
    ssize_t length;
    unsigned number = 0;
    bool ok = true;
    while (ok && (length = getline(&line, &size, in)) >= 0) {
        number++;
        while (length && strchr(" \t\r\n", line[length - 1])) line[--length] = 0;
        char *text = line + strspn(line, " \t");
        if (!*text || *text == '#') continue;
        char *colon = strchr(text, ':');
        const char *fail_on = NULL;
        for (size_t i = 0; colon && i < sizeof vocabulary / sizeof vocabulary[0]; i++)
            if (strlen(vocabulary[i].word) == (size_t)(colon - text) &&
                strncmp(vocabulary[i].word, text, (size_t)(colon - text)) == 0)
                fail_on = vocabulary[i].fail_on;
        if (!fail_on || !colon[1]) {
            snprintf(sentence, sizeof sentence,
                     "%s:%u: not a suppression: write race:NAME, deadlock:NAME, leak:NAME ...", path,
                     number);
            *error = sentence;
            ok = false;
            break;
        }
        rule *bigger = realloc(s->rules, (s->count + 1) * sizeof *bigger);
        if (!bigger) abort();
        s->rules = bigger;
        s->rules[s->count++] =
            (rule){strdup(colon + 1), fail_on, strncmp(text, "race_top:", 9) == 0};
    }
    if (ok && ferror(in)) {
        snprintf(sentence, sizeof sentence, "can't read suppressions %s: %s", path, strerror(errno));
        *error = sentence;
        ok = false;
    }
    free(line);
    fclose(in);
    if (ok) return s;
    suppressions_free(s);
    return NULL;
}

void suppressions_free(struct suppressions *s) {
    if (!s) return;
    for (size_t i = 0; i < s->count; i++) free(s->rules[i].pattern);
    free(s->rules);
    free(s);
}

static bool here(const char *pattern, const char *text) {
    for (; *pattern; pattern++) {
        if (*pattern == '$' && !pattern[1]) return !*text;
        if (*pattern == '*') {
            do
                if (here(pattern + 1, text)) return true;
            while (*text++);
            return false;
        }
        if (*pattern != *text) return false;
        text++;
    }
    return true;
}

static bool matches(const char *pattern, const char *text) {
    if (!text) return false;
    if (*pattern == '^') return here(pattern + 1, text);
    do
        if (here(pattern, text)) return true;
    while (*text++);
    return false;
}

static bool in_stack(const rule *r, report_stack s) {
    for (size_t i = 0; i < s.count && (i == 0 || !r->top_only); i++) {
        const report_frame *frame = &s.frames[i];
        if (matches(r->pattern, frame->function) || matches(r->pattern, frame->file) ||
            matches(r->pattern, frame->module))
            return true;
    }
    return false;
}

static bool in_finding(const rule *r, const report_finding *f) {
    for (size_t i = 0; i < f->access_count; i++)
        if (in_stack(r, f->accesses[i].stack)) return true;
    if (r->top_only) return false;
    if (f->access_count) return matches(r->pattern, f->location.name);
    for (size_t i = 0; i < f->actor_count; i++)
        if (in_stack(r, f->actors[i].stack) || in_stack(r, f->actors[i].created_at)) return true;
    return false;
}

bool suppressions_match(const struct suppressions *s, const report_finding *f) {
    const report_kind *kind = report_kind_of(f->kind);
    if (!kind) return false;
    for (size_t i = 0; i < s->count; i++) {
        const char *word = s->rules[i].word;
        bool lock_order = strcmp(kind->fail_on, "lock-order") == 0 && strcmp(word, "deadlock") == 0;
        if (!lock_order && (!*word || strcmp(word, kind->fail_on) != 0)) continue;
        if (in_finding(&s->rules[i], f)) return true;
    }
    return false;
}
