/* cc_arguments.c - sorts a compiler's words into those for compiling and those for linking. */
#include "cli/cc_arguments.h"

#include "cli/cli.h"

#include <ctype.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

void words_add(words *w, const char *text) {
    const char **bigger = realloc(w->at, (w->count + 2) * sizeof *bigger);
    if (!bigger) cli_fail("out of memory");
    w->at = bigger;
    w->at[w->count++] = text;
    w->at[w->count] = NULL;
}

void words_format(words *w, const char *format, ...) {
    char *text;
    va_list arguments;
    va_start(arguments, format);
    if (vasprintf(&text, format, arguments) < 0) cli_fail("out of memory");
    va_end(arguments);
    words_add(w, text);
}

void words_split(words *w, const char *text) {
    char *copy = strdup(text), *word;
    while ((word = strsep(&copy, " \t")) != NULL)
        if (*word) words_add(w, word);
}

/* Words of a response file: blanks separate, quotes and backslashes keep, as in libiberty. */
static bool read_response(words *out, const char *path) {
    FILE *in = fopen(path, "r");
    if (!in) return false;
    char *word = NULL;
    size_t size = 0;
    int c, quote = 0;
    bool inside = false;
    FILE *to = NULL;
    while ((c = getc(in)) != EOF) {
        if (!quote && isspace(c)) {
            if (inside) {
                fclose(to);
                words_add(out, word);
            }
            inside = false;
            continue;
        }
        if (!inside) {
            word = NULL;
            to = open_memstream(&word, &size);
            inside = true;
        }
        if (quote && c == quote) quote = 0;
        else if (!quote && (c == '"' || c == '\'')) quote = c;
        else {
            if (c == '\\' && (c = getc(in)) == EOF) break;
            putc(c, to);
        }
    }
    if (inside) {
        fclose(to);
        words_add(out, word);
    }
    fclose(in);
    return true;
}

static bool starts(const char *text, const char *prefix) {
    return strncmp(text, prefix, strlen(prefix)) == 0;
}

static bool is_one_of(const char *text, const char *const *list) {
    for (; *list; list++)
        if (strcmp(text, *list) == 0) return true;
    return false;
}

static const char *const with_value_both[] = {"--param", "-B", "-target", "--target", "--sysroot",
    "-isysroot", "-arch", "-wrapper", "-mllvm", "-specs", NULL};
static const char *const with_value_compile[] = {"-I", "-D", "-U", "-A", "-include", "-imacros",
    "-isystem", "-iquote", "-idirafter", "-iprefix", "-iwithprefix", "-iwithprefixbefore",
    "-imultilib", "-MF", "-MT", "-MQ", "-Xassembler", "-Xpreprocessor", "-Xclang", "-aux-info",
    "-dumpbase", "-dumpdir", "-dumpbase-ext", "-include-pch", NULL};
static const char *const with_value_link[] = {"-L", "-l", "-T", "-u", "-z", "-e", "-Xlinker",
    "-rpath", "-soname", "-h", "-framework", NULL};
static const char *const link_only[] = {"-shared", "-pie", "-no-pie",
    "-rdynamic", "-s", "-r", "-nostartfiles", "-nodefaultlibs", "-nostdlib", "-nolibc",
    "-static-libgcc", "-static-libstdc++", "-symbolic", NULL};
static const char *const informing[] = {"--version", "-dumpversion", "-dumpmachine", "-dumpspecs",
    "-dumpfullversion", "--help", "-###", "-V", "-qversion", NULL};

static bool ends_in(const char *name, const char *const *endings) {
    const char *dot = strrchr(name, '.');
    return dot && !strchr(dot, '/') && is_one_of(dot + 1, endings);
}

/* Compiled before it is used: no link follows. */
static bool is_header(const char *name, const char *language) {
    static const char *const endings[] = {"h", "H", "hh", "hp", "hpp", "HPP", "hxx", "h++", "tcc",
        NULL};
    if (language) return strstr(language, "-header") != NULL;
    return ends_in(name, endings);
}

static bool is_source(const char *name, const char *language) {
    static const char *const endings[] = {"c", "i", "ii", "cc", "cp", "cxx", "cpp", "CPP", "c++", "C",
        "m", "mi", "mm", "M", "mii", "s", "S", "sx", NULL};
    if (language) return strcmp(language, "none") != 0;
    return ends_in(name, endings);
}

/* -fsanitize=LIST without "thread"; NULL when nothing stays. */
static const char *other_sanitizers(const char *option) {
    static const char *const foreign[] = {"address", "hwaddress", "memory", "leak", NULL};
    const char *list = strchr(option, '=') + 1;
    words kept = {0};
    char *copy = strdup(list), *word;
    while ((word = strsep(&copy, ",")) != NULL) {
        if (is_one_of(word, foreign))
            cli_fail("-fsanitize=%s can't go with race detection: drop it here", word);
        if (strcmp(word, "thread") != 0) words_add(&kept, word);
    }
    if (!kept.count) return NULL;
    words joined = {0};
    words_format(&joined, "-fsanitize=%s", kept.at[0]);
    for (size_t i = 1; i < kept.count; i++) words_format(&joined, "%s,%s", joined.at[i - 1], kept.at[i]);
    return joined.at[joined.count - 1];
}

static void add(cc_arguments *a, cc_word word) {
    cc_word *bigger = realloc(a->words, (a->count + 1) * sizeof word);
    if (!bigger) cli_fail("out of memory");
    a->words = bigger;
    a->words[a->count++] = word;
}

static void note_option(cc_arguments *a, const char *text, const char *value) {
    static const char *const stopping[] = {"-c", "-S", "-E", "-M", "-MM", "-fsyntax-only", NULL};
    if (is_one_of(text, stopping)) a->compiles_only = true;
    if (strcmp(text, "-c") == 0) a->to_object = true;
    if (is_one_of(text, informing) || starts(text, "-print-") || starts(text, "--print-") ||
        starts(text, "--help"))
        a->informs = true;
    if (strcmp(text, "-shared") == 0) a->shared = true;
    if (strcmp(text, "-r") == 0) a->relocatable = true;
    if (strcmp(text, "--coverage") == 0 || starts(text, "-fprofile-arcs"))
        a->counts = a->keeps_files = true;
    if (starts(text, "-ftest-coverage") || starts(text, "-gsplit-dwarf") ||
        starts(text, "-save-temps") || starts(text, "-fstack-usage"))
        a->keeps_files = true;
    if (starts(text, "-g") && !starts(text, "-gcc-toolchain")) a->has_g = true;
    if (strcmp(text, "-MD") == 0 || strcmp(text, "-MMD") == 0) a->depends = true;
    if (starts(text, "-MF")) a->depend_file = true;
    if (starts(text, "-MT") || starts(text, "-MQ")) a->depend_target = true;
    if (strcmp(text, "-o") == 0) a->output = value;
}

static void read_words(cc_arguments *a, const words *all) {
    const char *language = NULL;
    for (size_t i = 0; i < all->count; i++) {
        const char *text = all->at[i], *value = NULL;
        if (text[0] != '-' || !text[1]) {
            bool source = is_source(text, language);
            add(a, (cc_word){source ? CC_SOURCE : CC_INPUT, text, NULL, language});
            a->inputs++;
            a->sources += source;
            if (is_header(text, language)) a->compiles_only = true;
            continue;
        }
        if (starts(text, "-fsanitize=")) {
            const char *others = other_sanitizers(text);
            if (others) add(a, (cc_word){CC_OPTION, others, NULL, NULL});
            continue;
        }
        if (starts(text, "-flto") || strcmp(text, "-fno-fat-lto-objects") == 0)
            continue; /* would put the instrumentation off to a step that links */
        if (strcmp(text, "-static") == 0 || strcmp(text, "--static") == 0 ||
            strcmp(text, "-static-pie") == 0)
            continue; /* the doors look up libc's own functions as shared libraries do */
        bool compile = is_one_of(text, with_value_compile);
        bool link = is_one_of(text, with_value_link);
        bool takes = compile || link || is_one_of(text, with_value_both) ||
                     strcmp(text, "-o") == 0 || strcmp(text, "-x") == 0;
        if (takes && i + 1 < all->count) value = all->at[++i];
        note_option(a, text, value);
        if (starts(text, "-x") && (text[2] || value)) {
            language = text[2] ? text + 2 : value;
            if (strcmp(language, "none") == 0) language = NULL;
            continue;
        }
        if (strcmp(text, "-o") == 0 || (starts(text, "-o") && text[2] && !value)) {
            a->output = value ? value : text + 2;
            continue;
        }
        enum cc_word_kind kind = CC_OPTION;
        if (compile || starts(text, "-I") || starts(text, "-D") || starts(text, "-U") ||
            starts(text, "-M") || starts(text, "-Wa,") || starts(text, "-Wp,"))
            kind = CC_COMPILE;
        if (link || starts(text, "-l") || starts(text, "-L") || starts(text, "-Wl,") ||
            starts(text, "-fuse-ld=") || is_one_of(text, link_only))
            kind = CC_LINK;
        if (starts(text, "-l")) a->inputs++;
        add(a, (cc_word){kind, text, value, NULL});
    }
}

void cc_arguments_read(cc_arguments *a, int argc, char **argv) {
    *a = (cc_arguments){0};
    words all = {0};
    for (int i = 1; i < argc; i++)
        if (argv[i][0] != '@' || !read_response(&all, argv[i] + 1)) words_add(&all, argv[i]);
    read_words(a, &all);
    if (!a->inputs) a->informs = true;
}
