/* cc.c - `gorace cc` and `gorace c++`: a drop-in compiler.
 *
 * Compiling adds -fsanitize=thread, so that the compiler puts calls before every access. Linking
 * must not have that option, else the compiler's own sanitizer runtime comes in; libgorace_race
 * stands in its place. So one command that compiles and links is done as two.
 */
#include "cli/cc_arguments.h"
#include "cli/cli.h"
#include "cli/elf.h"

#include <errno.h>
#include <libgen.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>

static _Noreturn void cannot_run(const char *compiler, int why) {
    cli_complain("can't run the compiler %s: %s: set GORACE_CC", compiler, strerror(why));
    _exit(why == ENOENT ? CLI_NOT_FOUND : CLI_NOT_EXECUTABLE);
}

static _Noreturn void become(const words *command) {
    execvp(command->at[0], (char *const *)command->at);
    cannot_run(command->at[0], errno);
}

/* Status of the command, as a shell has it. */
static int run(const words *command) {
    pid_t child = fork();
    if (child < 0) cli_fail("can't start a process: %s", strerror(errno));
    if (child == 0) become(command);
    int status;
    while (waitpid(child, &status, 0) < 0)
        if (errno != EINTR) return CLI_FAILED;
    return WIFSIGNALED(status) ? 128 + WTERMSIG(status) : WEXITSTATUS(status);
}

static void add_word(words *command, const cc_word *word) {
    words_add(command, word->text);
    if (word->value) words_add(command, word->value);
}

/* `mark`: an object comes out, which says what it was built for. */
static void add_instrumentation(words *command, const cc_arguments *a, bool mark) {
    words_add(command, "-fsanitize=thread");
    words_add(command, "-fno-omit-frame-pointer");
    words_add(command, "-D__GORACE_RACE__=1");
    words_format(command, "-I%s", cli_places_find()->include_directory);
    if (a->counts) words_add(command, "-fprofile-update=atomic"); /* else its counters race */
    if (!a->has_g) words_add(command, "-g"); /* a report without lines is half a report */
    if (!mark) return;
    words_add(command, "-DGORACE_OBJECT_MARK=" CLI_OBJECT_MARK CLI_OBJECT_VERSION);
    words_add(command, "-include");
    words_format(command, "%s/gorace/object.h", cli_places_find()->include_directory);
}

/* Would hide the doors in the executable from its shared libraries. */
static bool hides_libraries(const cc_word *w) {
    return strncmp(w->text, "-Wl,--exclude-libs", 18) == 0 || strncmp(w->text, "-Wl,--version-script", 20) == 0;
}

static void add_libraries(words *command, const cc_arguments *a) {
    if (a->relocatable) return;
    if (a->shared) { /* it finds the doors in the executable; outdoes -z defs in all its spellings */
        words_add(command, "-Wl,--unresolved-symbols=ignore-all");
        return;
    }
    const cli_places *places = cli_places_find();
    if (access(places->race_library, R_OK) != 0)
        cli_fail("%s is missing: build or install gorace again", places->race_library);
    words_add(command, "-Wl,--whole-archive");
    words_add(command, places->race_library);
    words_add(command, "-Wl,--no-whole-archive");
    words_format(command, "-Wl,--dynamic-list=%s", places->dynamic_list);
    words_add(command, "-ldl");
    words_add(command, "-lpthread");
    words_add(command, "-lm");
}

static void check_version(const char *path) {
    char *version = cli_elf_other_version(path);
    if (version) {
        for (char *p = version; *p; p++)
            if (*p == '_') *p = '.';
        cli_fail("%s was built by gorace cc %s, this is " GORACE_VERSION ": build it again", path, version);
    }
}

static words compiler(const char *variable, const char *otherwise) {
    words command = {0};
    const char *chosen = getenv(variable);
    words_split(&command, chosen ? chosen : "");
    if (!command.count) words_add(&command, otherwise);
    return command;
}

static _Noreturn void compile_only(words command, const cc_arguments *a, bool instrument) {
    if (instrument) add_instrumentation(&command, a, a->to_object);
    const char *language = NULL;
    for (size_t i = 0; i < a->count; i++) {
        const cc_word *w = &a->words[i];
        if ((w->kind == CC_SOURCE || w->kind == CC_INPUT) && w->language != language) {
            language = w->language;
            words_add(&command, "-x");
            words_add(&command, language ? language : "none");
        }
        if (!(w->kind == CC_LINK && instrument)) add_word(&command, w);
    }
    if (a->output) {
        words_add(&command, "-o");
        words_add(&command, a->output);
    }
    become(&command);
}

/* "name" of dir/name.c */
static char *stem_of(const char *path) {
    char *copy = strdup(path);
    char *stem = strdup(basename(copy));
    free(copy);
    char *dot = strrchr(stem, '.');
    if (dot && dot != stem) *dot = 0;
    return stem;
}

/* Where the object of a source on the way to a link goes. What the compiler puts beside an object and
 * outlives it (.gcno, .dwo, ...) belongs where it is without us: beside the output, OUTPUT-STEM.* */
static const char *object_name(const cc_arguments *a, const cc_word *source, size_t number,
                               const char *directory) {
    words name = {0};
    char *stem = stem_of(source->text);
    if (a->keeps_files) {
        words_format(&name, "%s-%s.o", a->output ? a->output : "a", stem);
        if (access(name.at[0], F_OK) == 0) name.count = 0; /* somebody's own */
    }
    if (!name.count)
        words_format(&name, "%s/%zu-%s.o", directory, number, strcmp(stem, "-") ? stem : "stdin");
    free(stem);
    return name.at[0];
}

/* Compile one source on the way to a link. The dependency file is called as without us: after the
 * output and the source. */
static int compile_one(words command, const cc_arguments *a, const cc_word *source, const char *object) {
    add_instrumentation(&command, a, true);
    for (size_t i = 0; i < a->count; i++)
        if (a->words[i].kind == CC_OPTION || a->words[i].kind == CC_COMPILE)
            add_word(&command, &a->words[i]);
    if (a->depends) {
        char *stem = stem_of(source->text);
        const char *output = a->output ? a->output : "a";
        if (!a->depend_file) words_format(&command, "-MF%s-%s.d", output, stem);
        if (!a->depend_target) words_format(&command, "-MT%s", output);
        free(stem);
    }
    if (source->language) {
        words_add(&command, "-x");
        words_add(&command, source->language);
    }
    words_add(&command, "-c");
    words_add(&command, source->text);
    words_add(&command, "-o");
    words_add(&command, object);
    return run(&command);
}

static words copy_of(const words *w) {
    words copy = {0};
    for (size_t i = 0; i < w->count; i++) words_add(&copy, w->at[i]);
    return copy;
}

static int compile_and_link(const words *base, const cc_arguments *a) {
    words link = copy_of(base);
    words objects = {0};
    char directory[] = "/tmp/gorace-cc-XXXXXX";
    if (a->sources && !mkdtemp(directory)) cli_fail("can't write to /tmp: %s", strerror(errno));
    int status = 0;
    for (size_t i = 0; i < a->count && status == 0; i++) {
        const cc_word *w = &a->words[i];
        if (w->kind == CC_COMPILE || (!a->shared && hides_libraries(w))) continue;
        if (w->kind != CC_SOURCE) {
            if (w->kind == CC_INPUT) check_version(w->text);
            add_word(&link, w);
            continue;
        }
        const char *object = object_name(a, w, i, directory);
        words_add(&objects, object);
        status = compile_one(copy_of(base), a, w, object);
        words_add(&link, object);
    }
    if (status == 0) {
        if (a->output) {
            words_add(&link, "-o");
            words_add(&link, a->output);
        }
        add_libraries(&link, a);
        if (!a->sources) become(&link);
        status = run(&link);
    }
    for (size_t i = 0; i < objects.count; i++) unlink(objects.at[i]);
    if (a->sources) rmdir(directory);
    return status;
}

static int compile(int argc, char **argv, const char *variable, const char *otherwise) {
    cc_arguments a;
    cc_arguments_read(&a, argc, argv);
    words command = compiler(variable, otherwise);
    if (a.informs) compile_only(command, &a, false);
    if (a.compiles_only) compile_only(command, &a, true);
    return compile_and_link(&command, &a);
}

static int cc_main(int argc, char **argv) { return compile(argc, argv, "GORACE_CC", "cc"); }
static int cxx_main(int argc, char **argv) { return compile(argc, argv, "GORACE_CXX", "c++"); }

#define TEXT(variable, otherwise)                                                                 \
    "Takes every argument of the compiler, $" variable " or " otherwise ", gcc or clang. Compiling adds\n" \
    "-fsanitize=thread, -g when there is none, and the path of gorace.h; linking an executable\n" \
    "adds libgorace_race. -flto and -static are left out. Shared libraries are linked without it\n" \
    "and use the one of the executable. As in: CC=\"gorace cc\" ./configure"

const cli_command cli_command_cc = {
    .name = "cc", .usage = "ARGS...", .summary = "compile C for race detection",
    .text = TEXT("GORACE_CC", "cc"), .main = cc_main};
const cli_command cli_command_cxx = {
    .name = "c++", .usage = "ARGS...", .summary = "compile C++ for race detection",
    .text = TEXT("GORACE_CXX", "c++"), .main = cxx_main};
