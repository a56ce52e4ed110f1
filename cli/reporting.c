/* reporting.c - see reporting.h. */
#include "cli/reporting.h"

#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

static int exit_code_of(const char *text, const char *where) {
    char *end;
    long code = strtol(text, &end, 10);
    if (!*text || *end || code < 0 || code > 255)
        cli_fail("%s wants a number from 0 to 255, not '%s'", where, text);
    return (int)code;
}

/* key=value, spaces or colons between. The library warns of what it doesn't know: not our task. */
static void from_environment(cli_reporting *r, const char *name) {
    const char *text = getenv(name);
    if (!text) return;
    char *copy = strdup(text), *rest = copy, *word;
    while ((word = strsep(&rest, " :\t\n")) != NULL) {
        char *value = strchr(word, '=');
        if (!value) continue;
        *value++ = 0;
        if (strcmp(word, "log_path") == 0) r->settings.log_path = strdup(value);
        else if (strcmp(word, "strip_path_prefix") == 0) r->settings.strip_path_prefix = strdup(value);
        else if (strcmp(word, "exitcode") == 0 && *value) r->exit_code = atoi(value) & 255;
    }
    free(copy);
}

void cli_reporting_init(cli_reporting *r) {
    *r = (cli_reporting){.settings = {.fail_on = ~0u}, .exit_code = 66};
    r->settings.color = isatty(STDERR_FILENO) && !getenv("NO_COLOR");
    from_environment(r, "GORACE");
    from_environment(r, "GORACE_OPTIONS");
}

static unsigned fail_on(const char *text) {
    unsigned bits = 0;
    while (*text) {
        size_t length = strcspn(text, ",");
        unsigned bit = reports_fail_on_bit(text, length);
        if (length == 3 && memcmp(text, "all", 3) == 0) bit = ~0u;
        if (!bit && !(length == 4 && memcmp(text, "none", 4) == 0))
            cli_fail("--fail-on knows no '%.*s': use race, deadlock, leak, lock-order, misuse, none",
                     (int)length, text);
        bits |= bit;
        text += length + (text[length] == ',');
    }
    return bits;
}

bool cli_reporting_take(cli_reporting *r, int value, const char *argument) {
    switch (value) {
    case CLI_FAIL_ON: r->settings.fail_on = fail_on(argument); return true;
    case CLI_EXIT_CODE: r->exit_code = exit_code_of(argument, "--exit-code"); return true;
    case CLI_FORMAT:
        if (!reports_format_named(argument, &r->settings.format))
            cli_fail("unknown format '%s': use text or json", argument);
        return true;
    case CLI_SUPPRESSIONS: r->settings.suppressions = argument; return true;
    case CLI_COLOR:
        if (strcmp(argument, "always") == 0) r->settings.color = true;
        else if (strcmp(argument, "never") == 0) r->settings.color = false;
        else if (strcmp(argument, "auto") != 0)
            cli_fail("--color is auto, always or never, not '%s'", argument);
        return true;
    case 'o': r->settings.output = argument; return true;
    case 'q': r->quiet = true; return true;
    case 'v': r->verbose = true; return true;
    default: return false;
    }
}

bool cli_reporting_began(const reports *all, const char *program, int *status) {
    if (reports_started(all)) return true;
    if (*status >= CLI_FAILED) return false; /* the library or a shell has said why */
    cli_complain("%s has no instrumented code: build it with 'gorace cc'", program);
    *status = CLI_FAILED;
    return false;
}

int cli_reporting_end(const cli_reporting *r, reports *all, const char *program, int status) {
    const char *error;
    if (!reports_finish(all, &error)) {
        cli_complain("%s", error);
        return CLI_FAILED;
    }
    bool nothing;
    const char *summary = reports_summary(all, &nothing);
    bool failing = reports_failing(all);
    if (failing) status = r->exit_code;
    if (reports_races(all)) fprintf(stderr, "Found %" PRIu64 " data race(s)\n", reports_races(all));
    if (!nothing || !r->quiet)
        fprintf(stderr, "gorace: %s%s%s, exit status %d\n", summary, reports_pid(all) ? "" : " in ",
                reports_pid(all) ? "" : program, status);
    return status;
}
