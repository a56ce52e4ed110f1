/* output.h - the formats, and what they need to know. Private to reports/. */
#ifndef GR_REPORTS_OUTPUT_H
#define GR_REPORTS_OUTPUT_H

#include "reports/model.h"

#include <stdio.h>

struct reports;
struct resolver;
struct suppressions;

/* The group that has begun, with all that was told of its actors; NULL: there is none. */
report_finding *reports_dump(struct reports *r);
struct resolver *reports_resolver(struct reports *r);

void reports_text_finding(FILE *out, const report_finding *f, bool color);
/* Parts of it: "thread T2", which is written into the buffer; a stack. */
const char *reports_text_actor(const report_finding *f, uint64_t id, char *buffer, size_t size);
void reports_text_stack(FILE *out, report_stack s);
/* Locks of a finding, and the circle they are taken in (locks.c). */
void reports_text_locks(FILE *out, const report_finding *f);
/* Its actors as Go dumps goroutines; so many alike, or more, are printed as one. */
void reports_text_goroutines(FILE *out, const report_finding *f, size_t crowd);
/* One of them; `more`: how many like it it stands for, `title`: instead of its number and state; NULL. */
void reports_text_goroutine(FILE *out, const report_actor *a, size_t more, const char *title);
/* Who is alike (crowd.c), and waits for the same if by_object: for each actor the first one like it, and at that
 * one how many there are. */
typedef struct report_crowd {
    size_t *first, *count;
} report_crowd;
report_crowd report_crowd_of(const report_finding *f, bool by_object);
void report_crowd_free(report_crowd *c);
/* "chan receive", "running" ... */
const char *reports_state_words(const report_actor *a);

/* --- graph.c: what waits for what --- */
void reports_graph_dot(FILE *out, const report_finding *f);
void reports_graph_json(FILE *out, const report_finding *f); /* one member of an object: "edges": [...] */

/* --- json.c --- */
struct json_t *reports_json_actor(const report_actor *a);
struct json_t *reports_json_object(const report_object *o);
/* One document of all findings. */
void reports_json_document(FILE *out, const report_finding *first);
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
