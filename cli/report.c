/* report.c - `gorace report`: findings that were saved as JSON, rendered again. */
#include "cli/reporting.h"

#include <getopt.h>

static int report_main(int argc, char **argv) {
    cli_reporting options;
    cli_reporting_init(&options, true);
    options.settings.log_path = "stdout";
    int value;
    while ((value = cli_next(&cli_command_report, argc, argv)) != -1)
        cli_reporting_take(&options, value, optarg);
    if (optind >= argc) cli_fail("no findings to render: see 'gorace help report'");
    const char *error;
    reports *all = reports_new(&options.settings, &error);
    if (!all) cli_fail("%s", error);
    for (; optind < argc; optind++) {
        if (reports_load(all, argv[optind], &error)) continue;
        reports_free(all);
        cli_fail("%s", error);
    }
    bool ok = reports_finish(all, &error);
    if (!ok) cli_complain("%s", error);
    reports_free(all);
    return ok ? 0 : CLI_FAILED;
}

static const cli_option options_of_report[] = {CLI_OUTPUT_OPTIONS,
    {"output", 'o', "FILE", "write to FILE, not to stdout"}, {0}};

const cli_command cli_command_report = {
    .name = "report", .usage = "[--format=F] FINDINGS.json...",
    .summary = "render saved findings again",
    .text = "Reads findings that 'gorace run --format=json -o FILE' saved and prints them in another\n"
            "format, on stdout. Its exit status says whether that worked, not what was found.",
    .options = options_of_report, .main = report_main};
