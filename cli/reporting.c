/* reporting.c - see reporting.h. */
#include "cli/reporting.h"
#include "runtime/vocab/option.h"

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

static const struct { const char *name; unsigned others; } known[] = {
#define OPTION(type, name, value, low, high, others, help) {#name, others},
#include "runtime/vocab/option.def"
#undef OPTION
};

static bool is_known(const gr__option_word *w, unsigned others) {
    for (size_t i = 0; i < sizeof known / sizeof known[0]; i++)
        if (gr__option_is(w, known[i].name)) return !others || known[i].others & others;
    return false;
}

/* NULL when there is none. */
static char *text_of(const gr__option_word *w) {
    return w->value_length ? strndup(w->value, w->value_length) : NULL;
}

/* Under `run` and `record` the library in the program complains of what is wrong. */
static void complain_of(const cli_reporting *r, const char *from, const gr__option_word *w, const char *what) {
    if (r->alone) cli_complain("%s: %s: '%.*s' is left out", from, what, (int)w->length, w->text);
}

static void read_options(cli_reporting *r, const char *from, const char *text, unsigned others) {
    gr__option_word w;
    long number;
    const char *ends = others == GR__OPTION_TSAN ? GR__OPTION_ENDS_TSAN : GR__OPTION_ENDS;
    while (text && gr__option_next(&text, ends, &w)) {
        if (!is_known(&w, others)) {
            if (others != GR__OPTION_TSAN) complain_of(r, from, &w, "there is no such option");
        } else if (gr__option_is(&w, "log_path")) {
            r->settings.log_path = text_of(&w);
        } else if (gr__option_is(&w, "strip_path_prefix")) {
            r->settings.strip_path_prefix = text_of(&w);
        } else if (gr__option_is(&w, "suppressions")) {
            r->settings.suppressions = text_of(&w);
        } else if (gr__option_is(&w, "exitcode")) {
            if (gr__option_number(&w, 0, 255, &number)) r->exit_code = (int)number;
            else complain_of(r, from, &w, "exitcode wants a number from 0 to 255");
        }
    }
}

static void read_file(cli_reporting *r) {
    char text[8192]; /* the library reads so much too */
    FILE *in = fopen(GR__OPTION_FILE, "r");
    if (!in) return;
    text[fread(text, 1, sizeof text - 1, in)] = 0;
    fclose(in);
    read_options(r, GR__OPTION_FILE, text, GR__OPTION_OURS);
}

void cli_reporting_init(cli_reporting *r, bool alone) {
    *r = (cli_reporting){.settings = {.fail_on = ~0u, .live = !alone}, .exit_code = 66, .alone = alone};
    r->settings.color = isatty(STDERR_FILENO) && !getenv("NO_COLOR");
    read_options(r, "TSAN_OPTIONS", getenv("TSAN_OPTIONS"), GR__OPTION_TSAN);
    read_file(r);
    read_options(r, "GORACE", getenv("GORACE"), GR__OPTION_GO);
    read_options(r, "GORACE_OPTIONS", getenv("GORACE_OPTIONS"), GR__OPTION_OURS);
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
    if (failing && r->exit_code) status = r->exit_code;
    if (r->verbose) reports_tell_suppressions(all);
    if (reports_races(all)) fprintf(stderr, "Found %" PRIu64 " data race(s)\n", reports_races(all));
    if (!nothing || !r->quiet)
        fprintf(stderr, "gorace: %s%s%s, exit status %d\n", summary, reports_pid(all) ? "" : " in ",
                reports_pid(all) ? "" : program, status);
    return status;
}
