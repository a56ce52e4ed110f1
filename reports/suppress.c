/* suppress.c - suppressions in ThreadSanitizer's syntax: lines `word:pattern`, '#' comments.
 *
 * A pattern is found anywhere in a name; `*` stands for anything, `^` and `$` for its ends. Names are
 * functions, files and modules of the stacks, and the variable of a race.
 */
#include "reports/output.h"

#include <errno.h>
#include <inttypes.h>
#include <limits.h>
#include <string.h>

/* In which frames a rule looks. */
enum where { ANYWHERE, TOP, TOP_MODULE };

typedef struct rule {
    const char *path;      /* lives as long */
    char *text, *pattern;  /* the whole line; its part behind the colon */
    const char *fail_on;   /* the findings it speaks of; "": none here */
    enum where where;
    unsigned line;
    uint64_t count;        /* of what it left out */
} rule;

struct suppressions {
    char *path;
    rule *rules;
    size_t count;
};

/* TSan's words, and ours. What a library calls without being instrumented has its own frame on top. */
static const struct { const char *word, *fail_on; enum where where; } vocabulary[] = {
    {"race", "race", ANYWHERE}, {"race_top", "race", TOP}, {"called_from_lib", "race", TOP_MODULE},
    {"deadlock", "deadlock", ANYWHERE}, {"lock-order", "lock-order", ANYWHERE}, {"mutex", "misuse", ANYWHERE},
    {"misuse", "misuse", ANYWHERE}, {"thread", "leak", ANYWHERE}, {"leak", "leak", ANYWHERE},
    {"signal", "", ANYWHERE},
};

enum { WORDS = sizeof vocabulary / sizeof vocabulary[0] };

static size_t word_of(const char *text, const char *colon) {
    size_t i = 0;
    for (; colon && i < WORDS; i++)
        if (strlen(vocabulary[i].word) == (size_t)(colon - text) &&
            strncmp(vocabulary[i].word, text, (size_t)(colon - text)) == 0)
            return i;
    return WORDS;
}

static char *copy(const char *text) {
    char *kept = strdup(text);
    if (!kept) abort();
    return kept;
}

static struct suppressions *make(const char *path) {
    struct suppressions *s = calloc(1, sizeof *s);
    if (!s) abort();
    s->path = copy(path);
    return s;
}

/* One line, which is changed; false: it is no suppression. */
static bool add_line(struct suppressions *s, char *line, const char *path, unsigned number) {
    size_t length = strlen(line);
    while (length && strchr(" \t\r\n", line[length - 1])) line[--length] = 0;
    char *text = line + strspn(line, " \t");
    if (!*text || *text == '#') return true;
    char *colon = strchr(text, ':');
    size_t word = word_of(text, colon);
    if (word == WORDS || !colon[1]) return false;
    rule *bigger = realloc(s->rules, (s->count + 1) * sizeof *bigger);
    if (!bigger) abort();
    s->rules = bigger;
    s->rules[s->count++] = (rule){path, copy(text), copy(colon + 1), vocabulary[word].fail_on,
                                  vocabulary[word].where, number, 0};
    return true;
}

struct suppressions *suppressions_read(const char *path, const char **error) {
    static char sentence[PATH_MAX + 160];
    FILE *in = fopen(path, "r");
    struct suppressions *s = in ? make(path) : NULL;
    char *line = NULL;
    size_t size = 0;
    unsigned number = 0;
    bool ok = in != NULL;
    while (ok && getline(&line, &size, in) >= 0) {
        ok = add_line(s, line, s->path, ++number);
        if (ok) continue;
        snprintf(sentence, sizeof sentence,
                 "%s:%u: not a suppression: '%.60s': write race:NAME, deadlock:NAME, leak:NAME ...", path, number,
                 line + strspn(line, " \t"));
        *error = sentence;
    }
    if (!in || (ok && ferror(in))) {
        snprintf(sentence, sizeof sentence, "can't read suppressions %s: %s", path, strerror(errno));
        *error = sentence;
        ok = false;
    }
    free(line);
    if (in) fclose(in);
    if (ok) return s;
    suppressions_free(s);
    return NULL;
}

void suppressions_add(struct suppressions **s, const char *text, size_t length) {
    if (!*s) *s = make("");
    char *all = strndup(text, length), *rest = all, *line;
    if (!all) abort();
    for (unsigned number = 1; (line = strsep(&rest, "\n")) != NULL; number++)
        add_line(*s, line, "(built in)", number);
    free(all);
}

void suppressions_free(struct suppressions *s) {
    if (!s) return;
    for (size_t i = 0; i < s->count; i++) {
        free(s->rules[i].text);
        free(s->rules[i].pattern);
    }
    free(s->rules);
    free(s->path);
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
    for (size_t i = 0; i < s.count && (i == 0 || r->where == ANYWHERE); i++) {
        const report_frame *frame = &s.frames[i];
        if (matches(r->pattern, frame->module)) return true;
        if (r->where == TOP_MODULE) continue;
        if (matches(r->pattern, frame->function) || matches(r->pattern, frame->file)) return true;
    }
    return false;
}

static bool in_finding(const rule *r, const report_finding *f) {
    for (size_t i = 0; i < f->access_count; i++)
        if (in_stack(r, f->accesses[i].stack)) return true;
    if (r->where != ANYWHERE) return false;
    if (f->access_count) return matches(r->pattern, f->location.name);
    for (size_t i = 0; i < f->step_count; i++)
        if (in_stack(r, f->steps[i].held_at) || in_stack(r, f->steps[i].wanted_at)) return true;
    for (size_t i = 0; i < f->lock_count; i++)
        if (in_stack(r, f->locks[i].taken_at) || matches(r->pattern, f->locks[i].location.name)) return true;
    for (size_t i = 0; i < f->actor_count; i++)
        if (in_stack(r, f->actors[i].stack) || in_stack(r, f->actors[i].created_at)) return true;
    return false;
}

static bool speaks_of(const rule *r, const char *fail_on) {
    if (!*r->fail_on) return false;
    /* TSan calls both so. */
    return strcmp(r->fail_on, fail_on) == 0 ||
           (strcmp(r->fail_on, "deadlock") == 0 && strcmp(fail_on, "lock-order") == 0);
}

bool suppressions_match(struct suppressions *s, const report_finding *f) {
    const report_kind *kind = report_kind_of(f->kind);
    for (size_t i = 0; kind && i < s->count; i++) {
        if (!speaks_of(&s->rules[i], kind->fail_on) || !in_finding(&s->rules[i], f)) continue;
        s->rules[i].count++;
        return true;
    }
    return false;
}

void suppressions_tell(const struct suppressions *s, FILE *out) {
    for (size_t i = 0; i < s->count; i++) {
        const rule *r = &s->rules[i];
        fprintf(out, "gorace: %s:%u: %s left out ", r->path, r->line, r->text);
        if (r->count) fprintf(out, "%" PRIu64 " finding%s\n", r->count, r->count == 1 ? "" : "s");
        else fputs("nothing\n", out);
    }
}
