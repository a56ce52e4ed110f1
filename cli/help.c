/* help.c - `gorace help [CMD]` and `gorace explain RULE`, both from the tables. */
#include "cli/cli.h"

#include <getopt.h>
#include <stdio.h>
#include <string.h>
#include <strings.h>

static const cli_command *const commands[] = {
#define COMMAND(identifier) &cli_command_##identifier,
#include "runtime/vocab/command.def"
#undef COMMAND
};

void cli_help_of(const cli_command *command) {
    printf("Usage: gorace %s %s\n\n%s\n", command->name, command->usage, command->text);
    if (!command->options || !command->options->name) return;
    puts("\nOptions:");
    for (const cli_option *o = command->options; o->name; o++) {
        char left[64];
        bool has_short = o->value > ' ' && o->value < 127;
        snprintf(left, sizeof left, "%c%c%s--%s%s%s", has_short ? '-' : ' ',
                 has_short ? o->value : ' ', has_short ? ", " : "  ", o->name,
                 o->argument ? "=" : "", o->argument ? o->argument : "");
        printf("  %-28s %s\n", left, o->help);
    }
    printf("  %-28s %s\n", "    --help", "this text");
}

static int help_main(int argc, char **argv) {
    if (argc > 1) {
        const cli_command *command = cli_find(argv[1]);
        if (!command) cli_fail("unknown command '%s': see 'gorace help'", argv[1]);
        cli_help_of(command);
        return 0;
    }
    puts("gorace finds data races, deadlocks and goroutine leaks in concurrent C programs.\n\n"
         "Usage: gorace COMMAND [ARGS...]\n\nCommands:");
    for (size_t i = 0; i < sizeof commands / sizeof commands[0]; i++)
        if (commands[i]->summary) printf("  %-10s %s\n", commands[i]->name, commands[i]->summary);
    puts("\n'gorace help COMMAND' says more. 'gorace --version' prints the version.");
    return 0;
}

typedef struct rule {
    const char *rule, *word, *level, *headline;
} rule;

static const rule rules[] = {
#define FINDING(id, NAME, fail_on, code, level, headline) {code, fail_on, level, headline},
#include "runtime/vocab/finding.def"
#undef FINDING
};

static const struct { const char *rule, *text; } texts[] = {
#define EXPLAIN(rule, text) {rule, text},
#include "cli/explain.def"
#undef EXPLAIN
};

static void explain_further(const char *code) {
    for (size_t i = 0; i < sizeof texts / sizeof texts[0]; i++)
        if (strcmp(texts[i].rule, code) == 0) printf("\n%s\n", texts[i].text);
}

static int explain_main(int argc, char **argv) {
    while (cli_next(&cli_command_explain, argc, argv) != -1) {}
    if (optind + 1 < argc) cli_fail("one rule at a time: see 'gorace help explain'");
    bool found = false;
    for (size_t i = 0; i < sizeof rules / sizeof rules[0]; i++) {
        const rule *r = &rules[i];
        if (optind < argc && strcasecmp(r->rule, argv[optind]) != 0) continue;
        printf("%s  %-8s %-11s %s\n", r->rule, r->level, *r->word ? r->word : "-", r->headline);
        if (optind < argc) explain_further(r->rule);
        found = true;
    }
    if (!found) cli_fail("no rule '%s': 'gorace explain' lists them", argv[optind]);
    return 0;
}

const cli_command cli_command_help = {
    .name = "help", .usage = "[COMMAND]", .summary = "what the commands do",
    .text = "Says what a command does and which options it takes.", .main = help_main};

static const cli_option no_options[] = {{0}};

const cli_command cli_command_explain = {
    .name = "explain", .usage = "[RULE]", .summary = "what a rule such as GR1001 stands for",
    .text = "Prints a rule's code, its level, the word of --fail-on that gates on it, and its\n"
            "headline; then what happens there, and what to write instead. Without RULE: the\n"
            "first line of all of them.",
    .options = no_options, .main = explain_main};
