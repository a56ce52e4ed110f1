/* check.c - is a program worth running? A check that checked nothing must not be green. */
#include "cli/cli.h"
#include "cli/elf.h"
#include "cli/program.h"

#include <errno.h>
#include <limits.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

static bool executable(const char *path) {
    struct stat st;
    return stat(path, &st) == 0 && S_ISREG(st.st_mode) && access(path, X_OK) == 0;
}

/* As execvp(3) looks for it. */
static bool find(const char *program, char *out, size_t size) {
    if (strchr(program, '/')) {
        snprintf(out, size, "%s", program);
        return access(program, F_OK) == 0;
    }
    const char *path = getenv("PATH");
    if (!path) path = "/bin:/usr/bin";
    while (*path) {
        size_t length = strcspn(path, ":");
        snprintf(out, size, "%.*s%s%s", (int)length, path, length ? "/" : "", program);
        if (executable(out)) return true;
        path += length + (path[length] == ':');
    }
    return false;
}

bool cli_program_check(const char *program) {
    char path[PATH_MAX];
    if (!find(program, path, sizeof path)) {
        cli_complain("%s: not found", program);
        exit(CLI_NOT_FOUND);
    }
    if (!executable(path)) {
        cli_complain("%s: can't be executed: %s", program, strerror(errno ? errno : EACCES));
        exit(CLI_NOT_EXECUTABLE);
    }
    enum cli_elf_kind kind = cli_elf_look(path);
    if (kind == CLI_ELF_PLAIN)
        cli_fail("%s has no instrumented code: build it with 'gorace cc'", program);
    return kind == CLI_ELF_INSTRUMENTED;
}
