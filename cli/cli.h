/* cli.h - what the commands of gorace share: how a command introduces itself, how its options are
 * read, how it complains. The tool has one thread; nothing here is shared. */
#ifndef GR_CLI_CLI_H
#define GR_CLI_CLI_H

#include <stdbool.h>
#include <stddef.h>

/* gorace's own statuses, as env(1) and timeout(1) have them. */
enum { CLI_FAILED = 125, CLI_NOT_EXECUTABLE = 126, CLI_NOT_FOUND = 127 };

typedef struct cli_option {
    const char *name;      /* long name; NULL ends a list */
    int value;             /* what cli_next returns; a printable one is the short option too */
    const char *argument;  /* its word in the help; NULL: takes none */
    const char *help;
} cli_option;

typedef struct cli_command {
    const char *name;
    const char *usage;     /* what follows the name in the help */
    const char *summary;   /* one line; NULL: hidden */
    const char *text;      /* paragraphs of the help */
    const cli_option *options; /* NULL: the command reads its arguments itself */
    int (*main)(int argc, char **argv);
} cli_command;

#define COMMAND(identifier) extern const cli_command cli_command_##identifier;
#include "runtime/vocab/command.def"
#undef COMMAND

/* The command of that name, or NULL. */
const cli_command *cli_find(const char *name);
/* Next option's value, its argument in optarg; -1 at the first word that is none (optind). What
 * can't be understood ends the process with CLI_FAILED. */
int cli_next(const cli_command *command, int argc, char **argv);

/* "gorace: ..." on stderr, one line. */
void cli_complain(const char *format, ...) __attribute__((format(printf, 1, 2)));
/* The same, then exit(CLI_FAILED). */
_Noreturn void cli_fail(const char *format, ...) __attribute__((format(printf, 1, 2)));

/* Where the parts that gorace links into programs lie; absolute. */
typedef struct cli_places {
    char *include_directory, *race_library, *dynamic_list;
} cli_places;
const cli_places *cli_places_find(void);

/* Print the help of a command on stdout. */
void cli_help_of(const cli_command *command);

#endif
