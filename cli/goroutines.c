/* goroutines.c - `gorace goroutines`: every goroutine and thread of a process, a core or a trace. */
#include "cli/goroutines.h"

#include "cli/cli.h"
#include "detector/trace/trace.h"

#include <elf.h>
#include <errno.h>
#include <getopt.h>
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum { ALL = 256, GROUP, FORMAT, PROGRAM, NO_STOP };

typedef struct options {
    reports_goroutines how;
    const char *output, *program;
    bool no_stop, verbose;
} options;

static void take(options *o, int value, const char *argument) {
    switch (value) {
    case ALL: o->how.each = true; break;
    case GROUP: o->how.groups = true; break;
    case FORMAT:
        if (strcmp(argument, "text") == 0) o->how.form = REPORTS_GOROUTINES_TEXT;
        else if (strcmp(argument, "json") == 0) o->how.form = REPORTS_GOROUTINES_JSON;
        else if (strcmp(argument, "dot") == 0) o->how.form = REPORTS_GOROUTINES_DOT;
        else cli_fail("unknown format '%s': use text, json or dot", argument);
        break;
    case PROGRAM: o->program = argument; break;
    case NO_STOP: o->no_stop = true; break;
    case 'o': o->output = argument; break;
    case 'v': o->verbose = true; break;
    default: break;
    }
}

/* --- what it is --- */

static bool is_number(const char *text) {
    return *text && strspn(text, "0123456789") == strlen(text) && strlen(text) < 10;
}

enum kind { PROCESS, CORE, TRACE };

static enum kind kind_of(const char *word) {
    char magic[8] = "";
    FILE *in = fopen(word, "re");
    if (!in && is_number(word)) return PROCESS;
    if (!in) cli_fail("can't read %s: %s: give a process number, a core or a trace", word, strerror(errno));
    size_t n = fread(magic, 1, sizeof magic, in);
    int error = ferror(in) ? errno : 0;
    fclose(in);
    if (error) cli_fail("can't read %s: %s", word, strerror(error));
    if (n == sizeof magic && memcmp(magic, GR__TRACE_MAGIC, sizeof magic) == 0) return TRACE;
    if (n >= SELFMAG && memcmp(magic, ELFMAG, SELFMAG) == 0) return CORE;
    if (is_number(word)) return PROCESS;
    if (n >= 4 && (memcmp(magic, "\x28\xb5\x2f\xfd", 4) == 0 || memcmp(magic, "\xfd" "7zX", 4) == 0 ||
                   memcmp(magic, "\x1f\x8b", 2) == 0 || memcmp(magic, "\x04\x22\x4d\x18", 4) == 0))
        cli_fail("%s is compressed: unpack it first", word);
    cli_fail("%s is neither a core nor a trace of gorace", word);
}

/* --- */

static void look_into(image *im, options *o, reports *r, const char *source) {
    const gr__anatomy *anatomy = image_anatomy(im);
    if (!anatomy)
        cli_fail("%s (%s) is no program of gorace: it holds neither libgorace nor libgorace_race", source,
                 im->executable);
    static goroutines gs;
    gs = (goroutines){.image = im, .anatomy = anatomy};
    goroutines_prepare(&gs);
    bool stopped = im->live && !o->no_stop && image_stop(im);
    if (im->live && !stopped) {
        if (!o->no_stop)
            cli_complain("%s can't be stopped here: it is looked at while it runs, and what runs has no stack",
                         source);
        im->may_change = true;
        image_look_at_threads(im);
    }
    goroutines_gather(&gs);
    if (stopped) image_go_on(im);
    goroutines_settle(&gs);
    goroutines_tell(&gs, r);
    o->how.program = im->executable;
    o->how.stopped_ns = im->stopped_ns;
    if (o->verbose && im->live)
        cli_complain("%s stood still for %.3f ms: %zu goroutines, %zu threads", source,
                     (double)im->stopped_ns / 1e6, gs.count, im->thread_count);
}

static int print(const options *o, reports *r) {
    FILE *out = o->output ? fopen(o->output, "we") : stdout;
    if (!out) cli_fail("can't write %s: %s", o->output, strerror(errno));
    if (!reports_goroutines_print(r, &o->how, out))
        cli_fail("can't write %s: %s", o->output ? o->output : "to stdout", strerror(errno));
    if (o->output && fclose(out) != 0) cli_fail("can't write %s: %s", o->output, strerror(errno));
    return 0;
}

static int goroutines_main(int argc, char **argv) {
    options o = {0};
    int value;
    while ((value = cli_next(&cli_command_goroutines, argc, argv)) != -1) take(&o, value, optarg);
    if (optind + 1 != argc) cli_fail("give one process, core or trace: see 'gorace help goroutines'");
    const char *word = argv[optind], *error;
    reports_settings settings = {0};
    reports *r = reports_new(&settings, &error);
    if (!r) cli_fail("%s", error);
    char source[64];
    enum kind kind = kind_of(word);
    snprintf(source, sizeof source, "process %s", word);
    o.how.source = kind == PROCESS ? source : word;
    if (kind == PROCESS) look_into(image_of_process(atoi(word)), &o, r, source);
    else if (kind == CORE) look_into(image_of_core(word, o.program), &o, r, word);
    else goroutines_tell_trace(word, r);
    int status = print(&o, r);
    reports_free(r);
    return status;
}

static const cli_option goroutines_options[] = {
    {"all", ALL, NULL, "print those that are alike one by one, even a hundred or more"},
    {"group", GROUP, NULL, "print those that are alike as one, with their count, the largest groups first"},
    {"format", FORMAT, "text|json|dot", "as Go prints it (text), as JSON, or what waits for what for Graphviz"},
    {"output", 'o', "FILE", "write to FILE, not to stdout"},
    {"program", PROGRAM, "FILE", "the program of a core, when it is not where it was"},
    {"no-stop", NO_STOP, NULL, "look at a process while it runs: what runs has no stack then"},
    {"verbose", 'v', NULL, "say how long a process stood still"},
    {0}};

const cli_command cli_command_goroutines = {
    .name = "goroutines", .usage = "[OPTIONS] PID|CORE|TRACE", .summary = "every goroutine, its state and its stacks",
    .text = "Prints the goroutines and threads of a running process, of a core dump or of a trace of\n"
            "'gorace record', in Go's form, on stdout. The program may be linked with libgorace or be built\n"
            "by 'gorace cc', and may be stripped.\n\n"
            "A process stands still while it is copied, for a few milliseconds, and goes on as if nothing\n"
            "had been. It must be yours, or you root, and nobody may be tracing it.\n\n"
            "Where it is known, it is said who holds a lock: of a mutex of pthreads, in a process that was\n"
            "built by 'gorace cc', and in a trace. A trace tells what was the case at its end.\n\n"
            "Exit status: 0, or 125 when there is no such process, core or trace, when it may not be looked\n"
            "at, or when it is none of gorace's.",
    .options = goroutines_options, .main = goroutines_main};
