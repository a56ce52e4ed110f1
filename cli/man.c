/* man.c - `gorace __man [COMMAND]`: the man page of a command, in man(7), from the same constants as
 * its help. The build makes the pages with it. */
#include "cli/cli.h"

#include <ctype.h>
#include <stdio.h>
#include <string.h>

static const cli_command *const commands[] = {
#define COMMAND(identifier) &cli_command_##identifier,
#include "runtime/vocab/command.def"
#undef COMMAND
};

/* Text with what man(7) takes for its own made harmless. */
static void put(const char *text) {
    bool line_begins = true;
    for (; *text; text++) {
        if (line_begins && (*text == '.' || *text == '\'')) fputs("\\&", stdout);
        if (*text == '\\' || *text == '-') putchar('\\');
        putchar(*text);
        line_begins = *text == '\n';
    }
}

static void paragraphs(const char *text) {
    for (const char *end; (end = strstr(text, "\n\n")) != NULL; text = end + 2) {
        char part[4096];
        snprintf(part, sizeof part, "%.*s", (int)(end - text), text);
        put(part);
        fputs("\n.PP\n", stdout);
    }
    put(text);
    putchar('\n');
}

static void head(const char *name, const char *summary) {
    char capitals[64];
    size_t n = 0;
    for (; name[n] && n < sizeof capitals - 1; n++) capitals[n] = (char)toupper((unsigned char)name[n]);
    capitals[n] = 0;
    printf(".TH %s 1 \"\" \"gorace " GORACE_VERSION "\"\n.SH NAME\n%s \\- %s\n", capitals, name, summary);
}

static void page_of(const cli_command *c) {
    char name[64];
    snprintf(name, sizeof name, "gorace-%s", c->name);
    head(name, c->summary ? c->summary : "");
    printf(".SH SYNOPSIS\n.B gorace %s\n", c->name);
    put(c->usage);
    fputs("\n.SH DESCRIPTION\n", stdout);
    paragraphs(c->text);
    if (c->options && c->options->name) puts(".SH OPTIONS");
    for (const cli_option *o = c->options; o && o->name; o++) {
        fputs(".TP\n", stdout);
        if (o->value > ' ' && o->value < 127) printf("\\fB\\-%c\\fR, ", o->value);
        fputs("\\fB\\-\\-", stdout);
        put(o->name);
        fputs("\\fR", stdout);
        if (o->argument) printf("=\\fI%s\\fR", o->argument);
        putchar('\n');
        put(o->help);
        putchar('\n');
    }
    puts(".SH SEE ALSO\n.BR gorace (1)");
}

static void main_page(void) {
    head("gorace", "find data races, deadlocks and goroutine leaks in concurrent C");
    puts(".SH SYNOPSIS\n.B gorace\nCOMMAND [ARGS...]\n.SH COMMANDS");
    for (size_t i = 0; i < sizeof commands / sizeof commands[0]; i++) {
        if (!commands[i]->summary) continue;
        printf(".TP\n.B %s\n", commands[i]->name);
        put(commands[i]->summary);
        putchar('\n');
    }
    puts(".SH EXIT STATUS\n"
         "The program's own when nothing was found; 66 when something was; 125 when gorace failed,\n"
         "126 when the program can't be executed, 127 when it is not there; 128+N when it died of\n"
         "signal N.\n"
         ".SH ENVIRONMENT\n.TP\n.B GORACE\nGo's options: log_path, exitcode, strip_path_prefix,\n"
         "history_size, halt_on_error, atexit_sleep_ms.\n"
         ".TP\n.B GORACE_OPTIONS\nours and Go's, key=value with blanks between; help=1 lists them.\n"
         ".TP\n.BR GORACE_CC \", \" GORACE_CXX\nthe compilers behind gorace cc and gorace c++.\n"
         ".TP\n.B GOMAXPROCS\nhow many goroutines run at once.");
    puts(".SH SEE ALSO");
    for (size_t i = 0; i < sizeof commands / sizeof commands[0]; i++)
        if (commands[i]->summary && commands[i] != &cli_command_help)
            printf(".BR gorace\\-%s (1)\n", commands[i]->name);
}

static int man_main(int argc, char **argv) {
    if (argc < 2) {
        main_page();
        return 0;
    }
    const cli_command *command = cli_find(argv[1]);
    if (!command) cli_fail("unknown command '%s'", argv[1]);
    page_of(command);
    return 0;
}

const cli_command cli_command_internal_man = {.name = "__man", .usage = "[COMMAND]", .text = "",
                                              .main = man_main};
