/* cc_arguments.h - what a compiler's command line asks for. Private to cc*.c. */
#ifndef GR_CLI_CC_ARGUMENTS_H
#define GR_CLI_CC_ARGUMENTS_H

#include <stdbool.h>
#include <stddef.h>

typedef struct words { /* ends with NULL; text is never freed: the process lives for one command */
    const char **at;
    size_t count;
} words;

void words_add(words *w, const char *text);
void words_format(words *w, const char *format, ...) __attribute__((format(printf, 2, 3)));
/* Split as $CC is: at blanks. */
void words_split(words *w, const char *text);

enum cc_word_kind {
    CC_OPTION,      /* both when compiling and when linking */
    CC_COMPILE,     /* when compiling only */
    CC_LINK,        /* when linking only */
    CC_SOURCE,      /* to be compiled first */
    CC_INPUT        /* object or library */
};

/* One word, or an option with the word that belongs to it. */
typedef struct cc_word {
    enum cc_word_kind kind;
    const char *text, *value; /* value NULL: none */
    const char *language;     /* -x in force for an input; NULL: by name */
} cc_word;

typedef struct cc_arguments {
    cc_word *words;
    size_t count, sources, inputs;
    bool compiles_only;  /* -c -S -E -M -MM -fsyntax-only, or a header */
    bool to_object;      /* -c */
    bool informs;        /* --version, -print-..., -### or no input at all */
    bool shared, relocatable;
    bool has_g;          /* some -g... */
    bool counts;         /* --coverage, -fprofile-arcs */
    bool keeps_files;    /* such as -gsplit-dwarf: more than an object comes out */
    bool depends, depend_file, depend_target; /* -MD or -MMD; -MF; -MT or -MQ */
    const char *output;  /* -o */
} cc_arguments;

void cc_arguments_read(cc_arguments *a, int argc, char **argv);

#endif
