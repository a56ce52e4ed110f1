/* elf.h - what cc and run must know of ELF files. */
#ifndef GR_CLI_ELF_H
#define GR_CLI_ELF_H

#include <stdbool.h>

/* Absolute symbol that `gorace cc` leaves in every object it compiles; the version of what the
 * object expects of libgorace_race follows. */
#define CLI_OBJECT_MARK "gr__object_built_for_gorace_"
#define CLI_OBJECT_VERSION "0_1"

enum cli_elf_kind { CLI_ELF_NONE, CLI_ELF_PLAIN, CLI_ELF_INSTRUMENTED };
/* NONE: not an ELF file. INSTRUMENTED: it holds libgorace_race. */
enum cli_elf_kind cli_elf_look(const char *path);
/* The first mark of another version in an object, without the prefix; NULL: none. Malloced. */
char *cli_elf_other_version(const char *path);

#endif
