/* model_test.c - the engine against the oracle on random programs, and live findings against those
 * of a replay. argv[1]: the first seed; argv[2]: how many programs. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "detector/finding/finding.h"
#include "runtime/inspect/record.h"
#include "tests/model/model.h"
#include "tests/model/recorder.h"

/* Of so many programs that share an engine the last is logged and replayed. */
enum { BATCH = 32, REPORTS_OF_ACCESS = 16 };

static truth known;
static reported live;
static events replayed[OPS];
static uint8_t reading[2];

static void on_records(const char *records, size_t length, void *argument) {
    (void)argument;
    for (size_t at = 0; at + 8 <= length;) {
        uint32_t id, n;
        memcpy(&id, records + at, 4);
        memcpy(&n, records + at + 4, 4);
        gr__rec_access r;
        if (id == GR__RECORD_ACCESS && gr__get_access(records + at + 8, n, &r))
            reading[r.order != 0] = (uint8_t)((unsigned)(gr__stack_pc(r.stack, 0) - 4096) % OPS);
        if (id == GR__RECORD_FINDING_END) {
            replayed[reading[0]] |= event(reading[1]);
            replayed[reading[1]] |= event(reading[0]);
        }
        at += 8 + n;
    }
}

/* The recorder draws a ticket before each step, so replay takes the steps in the order they came and
 * must find the same pairs; but not the same of more than the engine tells of one access. */
static const char *compare_replay(void) {
    enum { TOLD = 16 };
    events found[OPS] = {0};
    for (unsigned d = 0; d < OPS; d++)
        if (live.per_event[d] >= TOLD) return NULL;
    memset(replayed, 0, sizeof replayed);
    for (unsigned d = 0; d < OPS; d++)
        for (events left = live.earlier[d]; left; left &= left - 1) {
            found[d] |= event(first_of(left));
            found[first_of(left)] |= event(d);
        }
    gr__trace_replay(recorder_trace(), on_records, NULL);
    for (unsigned d = 0; d < OPS; d++)
        if (found[d] != replayed[d]) return "live and replay find different pairs";
    return NULL;
}

/* NULL when the engine says what the oracle says. */
static const char *check(const program *p, bool replays) {
    static char text[128];
    if (replays) engine_forget();
    oracle_run(p, &known);
    engine_run(p, &known, replays, &live);
    const char *wrong = oracle_judge(&known, &live, REPORTS_OF_ACCESS, text, sizeof text);
    if (!wrong && replays) wrong = compare_replay();
    if (replays) engine_forget();
    return wrong;
}

static const char *check_alone(const program *p) {
    engine_forget();
    const char *wrong = check(p, false);
    return wrong ? wrong : check(p, true);
}

static void shrink(program *p) {
    for (bool better = true; better;) {
        better = false;
        for (unsigned i = 0; i < OPS; i++) {
            if (p->ops[i].gone) continue;
            p->ops[i].gone = true;
            if (check_alone(p)) better = true;
            else p->ops[i].gone = false;
        }
    }
}

static void explain(program *p, const char *wrong) {
    fprintf(stderr, "seed %llu: %s\n", (unsigned long long)p->seed, wrong);
    if (!check_alone(p)) {
        fprintf(stderr, "alone it agrees: it takes the programs from seed %llu on\n",
                (unsigned long long)(p->seed / BATCH * BATCH));
        return;
    }
    shrink(p);
    fprintf(stderr, "shrunk: %s\n", check_alone(p));
    program_print(p);
}

int main(int argc, char **argv) {
    uint64_t first = argc > 1 ? strtoull(argv[1], NULL, 0) : 1;
    uint64_t count = argc > 2 ? strtoull(argv[2], NULL, 0) : 100000, racy = 0, pairs = 0;
    for (uint64_t seed = first; seed < first + count; seed++) {
        static program p;
        program_make(&p, seed, ENGINE);
        const char *wrong = check(&p, seed % BATCH == BATCH - 1);
        racy += live.count > 0;
        pairs += live.count;
        if (!wrong) continue;
        explain(&p, wrong);
        return 1;
    }
    printf("%llu programs agree, %llu of them race, in %llu pairs\n", (unsigned long long)count,
           (unsigned long long)racy, (unsigned long long)pairs);
    return 0;
}
