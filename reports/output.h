/* output.h - the formats, and what they need to know. Private to reports/. */
#ifndef GR_REPORTS_OUTPUT_H
#define GR_REPORTS_OUTPUT_H

#include "reports/model.h"

#include <stdio.h>

struct suppressions;

void reports_text_finding(FILE *out, const report_finding *f, bool color);
/* One document of all findings. totals: of the process; NULL: not known. */
struct gr__rec_summary;
void reports_json_document(FILE *out, const report_finding *first, const struct gr__rec_summary *totals);
/* Read such a document: a list of findings, or NULL and *error (static) when it is none. */
bool reports_json_read(const char *path, report_finding **first, const char **error);
/* The first line, with the message in its place; malloced. */
char *report_headline(const report_finding *f);

/* --- suppress.c --- */
struct suppressions *suppressions_read(const char *path, const char **error);
/* More of them, that the program holds; *s may be NULL. What is none is left out. */
void suppressions_add(struct suppressions **s, const char *text, size_t length);
bool suppressions_match(struct suppressions *s, const report_finding *f);
void suppressions_tell(const struct suppressions *s, FILE *out);
void suppressions_free(struct suppressions *s);

#endif
