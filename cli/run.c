/* run.c - `gorace run`: the main job. And `gorace __report FD`, which the library starts itself when
 * a program runs without us. */
#include "cli/program.h"
#include "cli/reporting.h"

#include <errno.h>
#include <fcntl.h>
#include <getopt.h>
#include <inttypes.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

enum { LEAK_INTERVAL = 512 };

/* The program's library reads it from the environment, behind what is there. */
static void leak_interval(const char *text) {
    char *end, *options;
    double seconds = strtod(text, &end);
    if (!*text || *end || !(seconds >= 0.001 && seconds <= 86400))
        cli_fail("--leak-interval wants seconds, from 0.001 to 86400, not '%s'", text);
    const char *before = getenv("GORACE_OPTIONS");
    if (asprintf(&options, "%s leak_interval_ms=%ld", before ? before : "", (long)(seconds * 1000)) < 0) abort();
    setenv("GORACE_OPTIONS", options, 1);
    free(options);
}

static int run_main(int argc, char **argv) {
    cli_reporting options;
    cli_reporting_init(&options, false);
    int value;
    while ((value = cli_next(&cli_command_run, argc, argv)) != -1) {
        if (value == LEAK_INTERVAL) leak_interval(optarg);
        else cli_reporting_take(&options, value, optarg);
    }
    if (optind >= argc) cli_fail("no program to run: see 'gorace help run'");
    const char *program = argv[optind];
    cli_program_check(program);
    const char *error;
    reports *all = reports_new(&options.settings, &error);
    if (!all) cli_fail("%s", error);
    int status = cli_program_run(argv + optind, all, NULL);
    if (!cli_reporting_began(all, program, &status)) {
        reports_free(all);
        return status;
    }
    status = cli_reporting_end(&options, all, program, status);
    reports_free(all);
    return status;
}

static const cli_option run_options[] = {CLI_OUTPUT_OPTIONS, CLI_OUTPUT_FILE_OPTION,
                                         CLI_VERDICT_OPTIONS,
    {"leak-interval", LEAK_INTERVAL, "SECONDS",
     "look for goroutines that nothing can wake every so often, too (at the end only)"}, {0}};

const cli_command cli_command_run = {
    .name = "run", .usage = "[OPTIONS] [--] PROG [ARGS...]",
    .summary = "run a program and report races, deadlocks and leaks",
    .text = "Runs PROG, which was built by 'gorace cc'. Races are printed the moment they happen,\n"
            "deadlocks when they stand, leaks at the end, and with --leak-interval while it runs.\n"
            "Reports go to stderr, in every format, unless -o names a file. stdin, stdout, signals and\n"
            "the exit status pass through.\n\n"
            "Exit status: the program's own when nothing was found that --fail-on names; 66 when\n"
            "something was; 128+N when the program died of signal N; 125 when gorace failed, 126\n"
            "when PROG can't be executed, 127 when it is not there.",
    .options = run_options, .main = run_main};

static int report_main(int argc, char **argv) {
    if (argc != 2) cli_fail("__report is started by programs, with a descriptor");
    int session = atoi(argv[1]);
    fcntl(session, F_SETFD, FD_CLOEXEC);
    cli_program_let_go();
    signal(SIGINT, SIG_IGN);
    signal(SIGQUIT, SIG_IGN);
    signal(SIGPIPE, SIG_IGN);
    signal(SIGHUP, SIG_IGN);
    setsid();
    cli_reporting options;
    cli_reporting_init(&options, false);
    const char *error;
    const char *log_path = options.settings.log_path;
    if (!log_path || strcmp(log_path, "stdout") != 0) dup2(STDIN_FILENO, STDOUT_FILENO);
    reports *all = reports_new(&options.settings, &error);
    if (!all) { /* what was found must be told */
        cli_complain("%s", error);
        options.settings.suppressions = NULL;
        all = reports_new(&options.settings, &error);
    }
    if (!all) cli_fail("%s", error);
    static char message[1 << 18] __attribute__((aligned(8)));
    ssize_t n;
    while ((n = recv(session, message, sizeof message, 0)) > 0 || (n < 0 && errno == EINTR))
        if (n > 0) cli_program_answer(session, all, reports_message(all, message, (size_t)n), 0);
    reports_conclude(all);
    if (!reports_finish(all, &error)) cli_fail("%s", error);
    reports_free(all);
    return 0;
}

const cli_command cli_command_internal_report = {.name = "__report", .usage = "FD", .text = "",
                                                 .main = report_main};
