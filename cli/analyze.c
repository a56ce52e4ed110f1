/* analyze.c - `gorace analyze`: the findings of a recorded trace.
 *
 * Races are found anew, by replaying the trace in this process's own engine; what is no race (leaks,
 * deadlocks, misuse, panics) is in the trace as the program told it. */
#include "cli/reporting.h"
#include "detector/trace/trace.h"
#include "runtime/inspect/record.h"
#include "runtime/vocab/finding.h"

#include <getopt.h>
#include <inttypes.h>
#include <string.h>

#define FINDING(id, NAME, fail_on, rule, level, headline) [id] = fail_on,
static const char *const words[] = {
#include "runtime/vocab/finding.def"
};
#undef FINDING

typedef struct pass {
    reports *all;
    bool groups;   /* this pass is for groups that are no races; else for what lies outside groups */
    bool inside, skip;
} pass;

/* It is found by the engine. */
static bool is_race(const char *bytes, size_t length) {
    gr__rec_finding f;
    if (!gr__get_finding(bytes, length, &f) || f.kind >= sizeof words / sizeof words[0] || !words[f.kind])
        return false;
    return strcmp(words[f.kind], "race") == 0 || f.kind == GR__FINDING_WAITGROUP_RACE;
}

static void visit(uint32_t id, const char *bytes, size_t length, void *argument) {
    pass *p = argument;
    if (id == GR__RECORD_FINDING) {
        p->inside = true;
        p->skip = is_race(bytes, length);
    }
    if (p->inside == p->groups && !(p->inside && p->skip)) reports_record(p->all, id, bytes, length);
    if (id == GR__RECORD_FINDING_END) p->inside = false;
}

static void take_race(const char *records, size_t length, void *argument) {
    reports_message(argument, records, length);
}

static void say_what_is_missing(const gr__trace *trace, const char *path) {
    uint64_t at;
    if (gr__trace_cut(trace, &at))
        cli_complain("%s is cut or damaged at byte %" PRIu64 ": this is what it tells up to there", path, at);
    else if (!(gr__trace_header_of(trace)->flags & GR__TRACE_COMPLETE))
        cli_complain("%s: the program did not come to its end: leaks at exit are not known", path);
}

static int analyze_main(int argc, char **argv) {
    cli_reporting options;
    cli_reporting_init(&options, true);
    int value;
    while ((value = cli_next(&cli_command_analyze, argc, argv)) != -1)
        cli_reporting_take(&options, value, optarg);
    if (optind + 1 != argc) cli_fail("give one trace: see 'gorace help analyze'");
    const char *path = argv[optind], *error;
    gr__trace *trace = gr__trace_read(path, &error);
    if (!trace) cli_fail("%s", error);
    reports *all = reports_new(&options.settings, &error);
    if (!all) cli_fail("%s", error);
    say_what_is_missing(trace, path);
    gr__trace_each_record(trace, visit, &(pass){.all = all});
    int failed = gr__trace_replay(trace, take_race, all);
    if (failed) cli_fail("no room for the detector's memory: %s", strerror(failed));
    gr__trace_each_record(trace, visit, &(pass){.all = all, .groups = true});
    int status = cli_reporting_end(&options, all, gr__trace_header_of(trace)->executable, 0);
    reports_free(all);
    gr__trace_free(trace);
    return status;
}

static const cli_option analyze_options[] = {CLI_OUTPUT_OPTIONS, CLI_OUTPUT_FILE_OPTION,
                                             CLI_VERDICT_OPTIONS, {0}};

const cli_command cli_command_analyze = {
    .name = "analyze", .usage = "[OPTIONS] TRACE", .summary = "find what a recorded trace tells",
    .text = "Reads a trace of 'gorace record' and reports what 'gorace run' would have reported. A\n"
            "trace that is cut is read up to the cut. Reports go to stderr unless -o names a file.\n\n"
            "Exit status: 66 when something was found that --fail-on names, 0 when nothing was,\n"
            "125 when the trace can't be read.",
    .options = analyze_options, .main = analyze_main};
