/* live_model.c - random programs as C, and what was reported of their run against the oracle; live.py
 * compiles and runs between.
 *
 *   live_model emit FLAVOUR SEED COUNT            programs as C, on standard output
 *   live_model main FLAVOUR SEED COUNT            and the main that runs them
 *   live_model judge FLAVOUR SEED COUNT PAIRS     lines "seed step earlier_step" in the file PAIRS
 */
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "tests/model/model.h"

enum { REPORTS_OF_ACCESS = 16 };

static enum flavour flavour;
static uint64_t first, count;

static int emit(void) {
    puts("#include \"live.h\"\n");
    for (uint64_t seed = first; seed < first + count; seed++) {
        static program p;
        program_make(&p, seed, flavour);
        program_emit(&p);
    }
    return 0;
}

static int emit_main(void) {
    for (uint64_t seed = first; seed < first + count; seed++) printf("void p%" PRIu64 "(void);\n", seed);
    puts("int main(void) {");
    for (uint64_t seed = first; seed < first + count; seed++) printf("    p%" PRIu64 "();\n", seed);
    puts("}");
    return 0;
}

/* A line that is no pair of this batch's steps is a report that is not to be. */
static bool read_pairs(FILE *pairs, reported *all) {
    uint64_t seed;
    unsigned now, earlier;
    int fields;
    while ((fields = fscanf(pairs, "%" SCNu64 " %u %u", &seed, &now, &earlier)) == 3) {
        if (seed - first >= count || now >= OPS || earlier >= OPS) return false;
        reported *r = &all[seed - first];
        r->earlier[now] |= event(earlier);
        r->per_event[now]++;
        r->count++;
    }
    return fields == EOF;
}

static int judge(const char *path) {
    FILE *pairs = fopen(path, "r");
    reported *all = calloc(count, sizeof *all);
    if (!pairs || !all || !read_pairs(pairs, all)) {
        fprintf(stderr, "live_model: %s: not pairs of these programs\n", path);
        return 1;
    }
    fclose(pairs);
    uint64_t racy = 0, found = 0, wrong_ones = 0;
    for (uint64_t i = 0; i < count; i++) {
        static program p;
        static truth t;
        char text[128];
        program_make(&p, first + i, flavour);
        oracle_run(&p, &t);
        racy += all[i].count > 0;
        found += all[i].count;
        const char *wrong = oracle_judge(&t, &all[i], REPORTS_OF_ACCESS, text, sizeof text);
        if (!wrong) continue;
        fprintf(stderr, "seed %" PRIu64 ": %s\n", first + i, wrong);
        if (!wrong_ones++) program_print(&p);
    }
    free(all);
    printf("%" PRIu64 " programs of %s, %" PRIu64 " differ, %" PRIu64 " race, in %" PRIu64 " pairs\n", count,
           flavour_names[flavour], wrong_ones, racy, found);
    return wrong_ones != 0;
}

int main(int argc, char **argv) {
    if (argc < 5) return 2;
    flavour = strcmp(argv[2], "threads") == 0 ? THREADS : GOROUTINES;
    first = strtoull(argv[3], NULL, 0);
    count = strtoull(argv[4], NULL, 0);
    if (argc > 5) return judge(argv[5]);
    return strcmp(argv[1], "main") == 0 ? emit_main() : emit();
}
