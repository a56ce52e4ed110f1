/* man.c - `gorace __man [COMMAND]`: the man page of a command, in man(7), from the same constants as
 * its help. The build makes the pages with it. */
#include "cli/cli.h"
#include "runtime/vocab/option.h"

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

static void options(void) {
    static const struct { const char *name, *value, *help; unsigned others; } table[] = {
#define OPTION(type, name, value, low, high, others, help) {#name, #value, help, others},
#include "runtime/vocab/option.def"
#undef OPTION
    };
    puts(".SH ENVIRONMENT\n.TP\n.B GORACE_OPTIONS\nOptions as key=value, with blanks or colons between; a value "
         "with blanks stands in quotes. They are:");
    for (size_t i = 0; i < sizeof table / sizeof table[0]; i++) {
        printf(".RS\n.TP\n\\fB%s\\fR=%s\n", table[i].name, table[i].value);
        put(table[i].help);
        puts("\n.RE");
    }
    puts(".TP\n.B GORACE\nThose of them that Go has:");
    for (size_t i = 0; i < sizeof table / sizeof table[0]; i++)
        if (table[i].others & GR__OPTION_GO) printf("%s\n", table[i].name);
    puts(".TP\n.B TSAN_OPTIONS\nThose that mean the same to ThreadSanitizer; its others are passed over:");
    for (size_t i = 0; i < sizeof table / sizeof table[0]; i++)
        if (table[i].others & GR__OPTION_TSAN) printf("%s\n", table[i].name);
    puts(".TP\n.BR GORACE_CC \", \" GORACE_CXX\nthe compilers behind gorace cc and gorace c++.\n"
         ".TP\n.B GOMAXPROCS\nhow many goroutines run at once.\n"
         ".SH FILES\n.TP\n.B .gorace.conf\nin the folder where the program starts: options as in\n"
         "GORACE_OPTIONS, on any number of lines; # begins a comment. A flag beats GORACE_OPTIONS beats\n"
         "GORACE beats this file beats TSAN_OPTIONS.");
}

static void suppressions(void) {
    puts(".SH SUPPRESSIONS\nA file of lines\n.IR WORD : PATTERN .\n"
         "A pattern is found anywhere in a function, file or module of the stacks, or in the variable\n"
         "of a race; * stands for anything, ^ and $ for the ends; # begins a comment. Words:\n"
         ".TP\n.B race\nraces, by both stacks of the accesses\n"
         ".TP\n.B race_top\nraces, by the innermost frames\n"
         ".TP\n.B called_from_lib\nraces of what this library calls\n"
         ".TP\n.B deadlock\ndeadlocks and lock orders\n"
         ".TP\n.B lock\\-order\nlock orders\n"
         ".TP\n.BR leak \", \" thread\nleaks, also by where the goroutine was created\n"
         ".TP\n.BR misuse \", \" mutex\nmisuse\n"
         ".TP\n.B signal\naccepted; it names nothing here\n"
         ".PP\nWhat is left out does not count. gorace run \\-v says what each line left out.");
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
         "signal N.\n");
    options();
    suppressions();
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
