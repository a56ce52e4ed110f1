/* record.c - `gorace record`: run a program and keep its trace.
 *
 * The program writes the trace itself, into a file that has its final name before it starts, so that
 * whatever dies, what was written is there. At the end the file is packed, beside it, and replaced. */
#include "cli/program.h"
#include "cli/reporting.h"
#include "detector/trace/trace.h"

#include <errno.h>
#include <fcntl.h>
#include <getopt.h>
#include <limits.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#define DEFAULT_NAME "trace.gorace"

/* What is not a trace is not replaced. */
static void check_target(const char *path) {
    struct stat about;
    if (stat(path, &about) != 0) return;
    char magic[8] = {0};
    int fd = S_ISREG(about.st_mode) ? open(path, O_RDONLY | O_CLOEXEC) : -1;
    bool is_trace = fd >= 0 && (about.st_size == 0 ||
                                (read(fd, magic, sizeof magic) == sizeof magic &&
                                 memcmp(magic, GR__TRACE_MAGIC, sizeof magic) == 0));
    if (fd >= 0) close(fd);
    if (!is_trace) cli_fail("%s exists and is not a trace: choose another name with -o", path);
}

/* An empty file under the final name, in the place of an older trace. */
static void make_target(const char *path) {
    char *fresh;
    if (asprintf(&fresh, "%s.XXXXXX", path) < 0) cli_fail("out of memory");
    int fd = mkstemp(fresh);
    if (fd < 0) cli_fail("can't write %s: %s", path, strerror(errno));
    mode_t mask = umask(0);
    umask(mask);
    fchmod(fd, 0666 & ~mask);
    close(fd);
    if (rename(fresh, path) != 0) {
        int why = errno;
        unlink(fresh);
        cli_fail("can't write %s: %s", path, strerror(why));
    }
    free(fresh);
}

static bool pack(const char *path) {
    char *packed;
    const char *error;
    if (asprintf(&packed, "%s.%d", path, (int)getpid()) < 0) cli_fail("out of memory");
    bool ok = gr__trace_pack(path, packed, &error);
    if (ok && rename(packed, path) != 0) {
        error = strerror(errno);
        unlink(packed);
        ok = false;
    }
    if (!ok) cli_complain("%s", error);
    free(packed);
    return ok;
}

static int record_main(int argc, char **argv) {
    cli_reporting options;
    cli_reporting_init(&options, false);
    const char *name = DEFAULT_NAME;
    int value;
    while ((value = cli_next(&cli_command_record, argc, argv)) != -1) {
        if (value == 'o') name = optarg;
        else cli_reporting_take(&options, value, optarg);
    }
    if (optind >= argc) cli_fail("no program to run: see 'gorace help record'");
    const char *program = argv[optind];
    cli_program_check(program);
    check_target(name);
    const char *error;
    reports *all = reports_new(&options.settings, &error);
    if (!all) cli_fail("%s", error);
    make_target(name);
    char absolute[PATH_MAX]; /* the program may be a script that changes its folder */
    if (!realpath(name, absolute)) cli_fail("can't write %s: %s", name, strerror(errno));
    int status = cli_program_run(argv + optind, all, absolute);
    if (!cli_reporting_began(all, program, &status)) {
        reports_free(all);
        unlink(absolute);
        return status;
    }
    bool ok = pack(absolute);
    status = cli_reporting_end(&options, all, program, status);
    reports_free(all);
    return ok ? status : CLI_FAILED;
}

static const cli_option record_options[] = {
    {"output", 'o', "FILE", "the trace (" DEFAULT_NAME ")"}, CLI_OUTPUT_OPTIONS,
    CLI_VERDICT_OPTIONS, {0}};

const cli_command cli_command_record = {
    .name = "record", .usage = "[-o TRACE] [OPTIONS] [--] PROG [ARGS...]",
    .summary = "run a program, report, and keep its whole trace",
    .text = "Runs PROG as 'gorace run' does and writes a trace of every access and every\n"
            "synchronisation besides. The trace is there up to the last moment even if PROG crashes\n"
            "or is killed; 'gorace analyze' reads it. An older trace of that name is replaced, any\n"
            "other file is left alone.\n\nExit status: as of 'gorace run'.",
    .options = record_options, .main = record_main};
