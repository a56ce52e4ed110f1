/* reports.h - front door of the reports: records in, bytes out.
 *
 * A `reports` takes the records of one program as they come, assembles findings, resolves their
 * program counters, drops suppressed ones and prints the others. One thread.
 */
#ifndef GR_REPORTS_H
#define GR_REPORTS_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>

enum reports_format {
#define FORMAT(name, streamed, summary) REPORTS_##name,
#include "runtime/vocab/format.def"
#undef FORMAT
    REPORTS_FORMATS
};

typedef struct reports_settings {
    enum reports_format format;
    const char *output;            /* file, written whole at the end or not at all; NULL: log_path */
    const char *log_path;          /* "stderr", "stdout", or a path that gets ".PID"; NULL: stderr */
    const char *strip_path_prefix; /* NULL: none */
    const char *suppressions;      /* file in TSan's syntax; NULL: none */
    bool color;
    bool live;                     /* the program runs, and waits while its findings are taken */
    unsigned fail_on;              /* bits of reports_fail_on_bit */
} reports_settings;

typedef struct reports reports;

/* NULL and a sentence in *error when a file of the settings can't be used. */
reports *reports_new(const reports_settings *settings, const char **error);
/* One message, i.e. whole records. Returns how many groups it ended: the program waits for an
 * answer to each. What is not well formed is ignored. */
unsigned reports_message(reports *r, const char *bytes, size_t length);
/* The last group that ended was suppressed. */
bool reports_left_out(const reports *r);
void reports_record(reports *r, uint32_t id, const char *bytes, size_t length);
/* The other way in: findings of a saved JSON document. False: *error says why. */
bool reports_load(reports *r, const char *path, const char **error);
/* The program is gone: print what is left. False: the output file could not be written. */
bool reports_finish(reports *r, const char **error);
/* Where reports go: "Found 1 data race(s)", as Go ends; nothing when there was none. */
void reports_conclude(reports *r);
void reports_free(reports *r);

/* --- what was there --- */
bool reports_started(const reports *r);              /* a program said HELLO */
bool reports_failing(const reports *r);              /* a finding that fail_on names */
uint64_t reports_races(const reports *r);
/* "1 data race, 2 goroutine leaks", or what was checked when nothing was found. Owned by r. */
const char *reports_summary(reports *r, bool *nothing);
uint64_t reports_pid(const reports *r);
/* One line for each suppression: how many findings it left out. */
void reports_tell_suppressions(const reports *r);

/* --- goroutines.c: instead of a report, all actors of the group that was begun last --- */
enum reports_goroutines_form { REPORTS_GOROUTINES_TEXT, REPORTS_GOROUTINES_JSON, REPORTS_GOROUTINES_DOT };
typedef struct reports_goroutines {
    enum reports_goroutines_form form;
    bool each;             /* as text: those that are alike one by one too */
    bool groups;           /* as text or JSON: those that are alike as one, with their count */
    const char *source;    /* "process 4711" */
    const char *program;   /* NULL: not known */
    uint64_t stopped_ns;   /* how long it stood still; 0: it did not */
} reports_goroutines;
/* False: errno says why it could not be written. */
bool reports_goroutines_print(reports *r, const reports_goroutines *how, FILE *out);

/* Bit of a word of --fail-on ("race", "leak" ...), 0: no such word. */
unsigned reports_fail_on_bit(const char *word, size_t length);
bool reports_format_named(const char *name, enum reports_format *out);

#endif
