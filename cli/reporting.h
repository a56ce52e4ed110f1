/* reporting.h - the options that run, record, analyze and report share, and how such a command ends. */
#ifndef GR_CLI_REPORTING_H
#define GR_CLI_REPORTING_H

#include "cli/cli.h"
#include "reports/reports.h"

typedef struct cli_reporting {
    reports_settings settings;
    int exit_code;    /* 0: the program's own */
    bool quiet, verbose;
    bool alone;       /* no program runs beside us */
} cli_reporting;

enum { CLI_FAIL_ON = 256, CLI_EXIT_CODE, CLI_FORMAT, CLI_SUPPRESSIONS, CLI_COLOR };

#define CLI_OUTPUT_OPTIONS                                                                        \
    {"format", CLI_FORMAT, "text|json", "form of the reports (text)"},                            \
    {"suppressions", CLI_SUPPRESSIONS, "FILE",                                                    \
     "leave out what a line names, as race:NAME, leak:NAME (TSan's syntax)"},                     \
    {"color", CLI_COLOR, "auto|always|never", "colored headlines (auto: on a terminal)"}

#define CLI_VERDICT_OPTIONS                                                                       \
    {"fail-on", CLI_FAIL_ON, "WORDS",                                                             \
     "which findings fail: race,deadlock,leak,lock-order,misuse (all)"},                          \
    {"exit-code", CLI_EXIT_CODE, "N",                                                             \
     "status when one of them was found (66); 0: the program's own"},                             \
    {"quiet", 'q', NULL, "no summary when nothing was found"},                                    \
    {"verbose", 'v', NULL, "say what each suppression left out"}

#define CLI_OUTPUT_FILE_OPTION {"output", 'o', "FILE", "write the reports to FILE, not to stderr"}

/* Defaults, then $TSAN_OPTIONS, .gorace.conf, $GORACE and $GORACE_OPTIONS. */
void cli_reporting_init(cli_reporting *r, bool alone);
/* Take an option; false: not one of these. */
bool cli_reporting_take(cli_reporting *r, int value, const char *argument);
/* False: no instrumented code ever spoke, and that is no success. *status is what to exit with then,
 * and the reason has been said. */
bool cli_reporting_began(const reports *all, const char *program, int *status);
/* Print what is left and the summary; the exit status, given the program's own (0 for none). */
int cli_reporting_end(const cli_reporting *r, reports *all, const char *program, int status);

#endif
