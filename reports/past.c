/* past.c - what was done earlier to the thing that a finding is about, in words (past.def), and what a
 * channel belongs to (origin.def). */
#include "reports/model.h"

#include <inttypes.h>
#include <stdio.h>
#include <string.h>

static const struct { unsigned id; const char *name, *words; } rows[] = {
#define PAST(id, NAME, name, words) {id, name, words},
#include "runtime/vocab/past.def"
#undef PAST
};
enum { ROWS = sizeof rows / sizeof rows[0] };

const char *report_past_name(unsigned kind) {
    for (unsigned i = 0; i < ROWS; i++)
        if (rows[i].id == kind) return rows[i].name;
    return "unknown";
}

bool report_past_named(const char *name, unsigned *kind) {
    for (unsigned i = 0; i < ROWS; i++) {
        if (strcmp(rows[i].name, name) != 0) continue;
        *kind = rows[i].id;
        return true;
    }
    return false;
}

static void put_hole(FILE *out, char hole, const report_past *p) {
    if (hole == 'n') fprintf(out, "%" PRIu64, p->count);
    else if (hole == 'w') fputs(report_wait_words(p->wait), out);
    else if (p->number == 0) fputs("nobody we know", out);
    else if (p->number == 1) fputs("main goroutine", out);
    else fprintf(out, "goroutine %" PRIu64, p->number);
}

char *report_past_line(const report_past *p) {
    const char *words = "Before that, at:";
    for (unsigned i = 0; i < ROWS; i++)
        if (rows[i].id == p->kind) words = rows[i].words;
    /* without a stack nobody knows who it was either: that is said behind a comma */
    size_t length = p->stack.count ? strlen(words) : strcspn(words, ",");
    char *line;
    size_t size;
    FILE *out = open_memstream(&line, &size);
    if (!out) abort();
    for (size_t i = 0; i < length; i++) {
        if (words[i] == '%') put_hole(out, words[++i], p);
        else fputc(words[i], out);
    }
    if (!p->stack.count) fputc('.', out);
    fclose(out);
    return line;
}

const char *report_origin_words(unsigned origin) {
    switch (origin) {
#define ORIGIN(id, NAME, words) case id: return words;
#include "runtime/vocab/origin.def"
#undef ORIGIN
    default: return "";
    }
}
