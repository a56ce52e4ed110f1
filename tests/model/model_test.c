/* model_test.c - the engine against the oracle on random programs, and live findings against those
 * of a replay. argv[1]: how many programs; argv[2]: the first seed. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "detector/finding/finding.h"
#include "runtime/inspect/record.h"
#include "tests/model/model.h"
#include "tests/model/recorder.h"

static reported live;

static bool is_reported(const truth *t, unsigned d, unsigned e, unsigned byte) {
    for (unsigned i = 0; i < live.count; i++)
        if (live.pairs[i].now == d && (live.pairs[i].earlier == e ||
                                       stands_for(t, live.pairs[i].earlier, e, byte))) return true;
    return false;
}

/* NULL when the engine says what the oracle says. */
static const char *compare(const program *p, char *text, size_t size) {
    static truth t;
    oracle_run(p, &t);
    engine_run(p, &t, &live);
    if (live.wrong) return live.wrong;
    for (unsigned i = 0; i < live.count; i++) {
        uint64_t any = 0;
        for (unsigned b = 0; b < BYTES; b++) any |= t.racy[live.pairs[i].now][b];
        if (any >> live.pairs[i].earlier & 1) continue;
        snprintf(text, size, "false report: %u with %u", live.pairs[i].now, live.pairs[i].earlier);
        return text;
    }
    for (unsigned d = 0; d < OPS; d++)
        for (unsigned b = 0; b < BYTES; b++)
            for (unsigned e = 0; e < d && live.per_event[d] < 16; e++) {
                if (!(t.must[d][b] >> e & 1) || is_reported(&t, d, e, b)) continue;
                snprintf(text, size, "missed: %u with %u on byte %u", d, e, b);
                return text;
            }
    return NULL;
}

static bool replayed[OPS][OPS];
static pair reading;

static void on_records(const char *records, size_t length, void *argument) {
    (void)argument;
    for (size_t at = 0; at + 8 <= length;) {
        uint32_t id, n;
        memcpy(&id, records + at, 4);
        memcpy(&n, records + at + 4, 4);
        gr__rec_access r;
        if (id == GR__RECORD_ACCESS && gr__get_access(records + at + 8, n, &r)) {
            unsigned event = (unsigned)(gr__stack_pc(r.stack, 0) - 4096) % OPS;
            if (r.order == 0) reading.now = (uint8_t)event;
            else reading.earlier = (uint8_t)event;
        }
        if (id == GR__RECORD_FINDING_END)
            replayed[reading.now][reading.earlier] = replayed[reading.earlier][reading.now] = true;
        at += 8 + n;
    }
}

/* The recorder draws a ticket before each step, so replay takes the steps in the order they came and
 * must find the same pairs. */
static const char *compare_replay(void) {
    static bool found[OPS][OPS];
    memset(found, 0, sizeof found);
    memset(replayed, 0, sizeof replayed);
    for (unsigned i = 0; i < live.count; i++) {
        pair p = live.pairs[i];
        found[p.now][p.earlier] = found[p.earlier][p.now] = true;
    }
    gr__trace_replay(recorder_trace(), on_records, NULL);
    return memcmp(found, replayed, sizeof found) ? "live and replay find different pairs" : NULL;
}

static const char *check(const program *p) {
    static char text[128];
    const char *wrong = compare(p, text, sizeof text);
    return wrong ? wrong : compare_replay();
}

static void shrink(program *p) {
    for (bool better = true; better;) {
        better = false;
        for (unsigned i = 0; i < OPS; i++) {
            if (p->ops[i].gone) continue;
            p->ops[i].gone = true;
            if (check(p)) better = true;
            else p->ops[i].gone = false;
        }
    }
}

int main(int argc, char **argv) {
    uint64_t count = argc > 1 ? strtoull(argv[1], NULL, 0) : 10000;
    uint64_t first = argc > 2 ? strtoull(argv[2], NULL, 0) : 1, racy = 0, pairs = 0;
    for (uint64_t seed = first; seed < first + count; seed++) {
        static program p;
        program_make(&p, seed);
        const char *wrong = check(&p);
        racy += live.count > 0;
        pairs += live.count;
        if (!wrong) continue;
        fprintf(stderr, "seed %llu: %s\n", (unsigned long long)seed, wrong);
        shrink(&p);
        wrong = check(&p);
        fprintf(stderr, "shrunk: %s\n", wrong);
        program_print(&p);
        return 1;
    }
    printf("%llu programs agree, %llu of them race, in %llu pairs\n", (unsigned long long)count,
           (unsigned long long)racy, (unsigned long long)pairs);
    return 0;
}
