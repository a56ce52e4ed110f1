/* main.c - entry of gorace: finds the command and hands over. */
#include "cli/cli.h"

#include <getopt.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

static const cli_command *const commands[] = {
#define COMMAND(identifier) &cli_command_##identifier,
#include "runtime/vocab/command.def"
#undef COMMAND
};

const cli_command *cli_find(const char *name) {
    for (size_t i = 0; i < sizeof commands / sizeof commands[0]; i++)
        if (strcmp(commands[i]->name, name) == 0) return commands[i];
    return NULL;
}

static void complain(const char *format, va_list arguments) {
    fputs("gorace: ", stderr);
    vfprintf(stderr, format, arguments);
    fputc('\n', stderr);
}

void cli_complain(const char *format, ...) {
    va_list arguments;
    va_start(arguments, format);
    complain(format, arguments);
    va_end(arguments);
}

_Noreturn void cli_fail(const char *format, ...) {
    va_list arguments;
    va_start(arguments, format);
    complain(format, arguments);
    va_end(arguments);
    exit(CLI_FAILED);
}

enum { MAX_OPTIONS = 32 };

int cli_next(const cli_command *command, int argc, char **argv) {
    struct option longs[MAX_OPTIONS + 2] = {{0}};
    char shorts[2 * MAX_OPTIONS + 3] = "+:"; /* stop at the first word; tell a missing argument */
    size_t n = 0, s = strlen(shorts);
    for (const cli_option *o = command->options; o && o->name && n < MAX_OPTIONS; o++) {
        int has = o->argument ? required_argument : no_argument;
        longs[n++] = (struct option){o->name, has, NULL, o->value};
        if (o->value > ' ' && o->value < 127) {
            shorts[s++] = (char)o->value;
            if (o->argument) shorts[s++] = ':';
        }
    }
    enum { HELP = 1 };
    longs[n] = (struct option){"help", no_argument, NULL, HELP};
    shorts[s] = 0;
    opterr = 0;
    int before = optind;
    int value = getopt_long(argc, argv, shorts, longs, NULL);
    if (value == HELP) {
        cli_help_of(command);
        exit(0);
    }
    if (value == '?' || value == ':') {
        /* getopt has stepped over a long option; a short one may stand inside a word */
        const char *word = argv[optind > before ? optind - 1 : before];
        char letter[3] = {'-', (char)optopt, 0};
        bool is_long = strncmp(word, "--", 2) == 0 || optopt == 0;
        int length = (int)strcspn(word, "=");
        if (value == ':')
            cli_fail("option '%s' needs an argument: see 'gorace help %s'",
                     is_long ? word : letter, command->name);
        cli_fail("unknown option '%.*s': see 'gorace help %s'", is_long ? length : 2,
                 is_long ? word : letter, command->name);
    }
    return value;
}

int main(int argc, char **argv) {
    if (argc < 2) {
        cli_complain("no command: see 'gorace help'");
        return CLI_FAILED;
    }
    const char *name = argv[1];
    if (strcmp(name, "--help") == 0 || strcmp(name, "-h") == 0) name = "help";
    if (strcmp(name, "--version") == 0) {
        puts("gorace " GORACE_VERSION);
        return 0;
    }
    const cli_command *command = cli_find(name);
    if (!command) cli_fail("unknown %s '%s': see 'gorace help'",
                           name[0] == '-' ? "option" : "command", name);
    return command->main(argc - 1, argv + 1);
}
