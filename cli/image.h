/* image.h - a process or a core dump, seen from outside: its memory, its threads, its ELF objects. For
 * `gorace goroutines`. One thread; an image belongs to its caller. */
#ifndef GR_CLI_IMAGE_H
#define GR_CLI_IMAGE_H

#include "runtime/arch/registers.h"
#include "runtime/inspect/anatomy.h"

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

typedef struct image_thread {
    int tid;
    char name[16];           /* "": not known */
    bool stands;             /* registers are known */
    bool exact;              /* all of them are: else only where it is and its stack pointer */
    gr__registers registers;
    uint64_t pointer;        /* thread pointer; 0: not known */
    int64_t call;            /* system call it is in; -1: none */
    uint64_t argument;       /* first one of that */
} image_thread;

typedef struct image_mapping { /* of a file */
    uint64_t low, high, offset;
    char *path;
} image_mapping;

typedef struct image_module { /* an ELF object that may run */
    uint64_t low, high, bias;
    const char *path;        /* where its file can be read; of the mappings */
    char build_id[64];       /* in hexadecimal; "": none */
    bool usable;             /* the file at `path` is that which is in memory */
} image_module;

typedef struct image image;
struct image {
    uint64_t pid;
    uint64_t pid_inside;     /* as the program itself knows it */
    char *executable;
    uint64_t now_ns;         /* its monotonic clock; 0: not known */
    uint64_t stopped_ns;     /* how long it stood still for us */
    image_thread *threads;
    size_t thread_count;
    image_mapping *mappings;
    size_t mapping_count;
    image_module *modules;
    size_t module_count;
    bool cut;                /* a core that lacks its end */
    bool may_change;         /* memory is read while the program runs */
    size_t (*read)(image *im, uint64_t from, void *to, size_t n);
    struct image_live *live; /* of image_live.c; NULL */
    struct image_core *core; /* of image_core.c; NULL */
};

/* How much of [from, from + n) was there, from its beginning on. */
size_t image_read(image *im, uint64_t from, void *to, size_t n);
bool image_read_all(image *im, uint64_t from, void *to, size_t n);
/* Several reads at once, all or nothing of each; `done` says which. */
typedef struct image_piece {
    uint64_t from;
    void *to;
    size_t n;
    bool done;
} image_piece;
void image_read_pieces(image *im, image_piece *pieces, size_t count);

/* Fill in `modules` from the mappings. */
void image_find_modules(image *im);
/* The description of the program's goroutines. NULL: it is no program of ours. Another version, or memory
 * that is missing, ends this process with a sentence. */
const gr__anatomy *image_anatomy(image *im);
/* What it says may have changed until the program was stopped: read it again, where it was. */
void image_anatomy_again(image *im);
/* A file mapping holds that address. */
const image_mapping *image_mapping_of(const image *im, uint64_t address);
void image_free(image *im);

/* --- image_live.c: sentences and exit when the process can't be looked at --- */
image *image_of_process(int pid);
/* Between these its threads stand still, and registers are known. False: it may not be stopped, but it can be
 * read, and `may_change`. Signals that would end us wait meanwhile. */
bool image_stop(image *im);
void image_go_on(image *im);
/* What can be known of the threads without a stop. */
void image_look_at_threads(image *im);
void image_live_free(struct image_live *live);

/* --- image_core.c --- */
/* program: where its executable is, when not where it was; NULL: there. */
image *image_of_core(const char *path, const char *program);
void image_core_free(struct image_core *core);

#endif
