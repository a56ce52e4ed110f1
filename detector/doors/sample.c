/* sample.c - see sample.h. Samples are stretches of time in which all threads' accesses are looked at, so that
 * two that race within one are both seen. What a sample costs is then a share of the time at most, whatever the
 * program does. A thread, the sampler, goes from mode to mode; what is below is its own, but for what is atomic.
 *
 * How many accesses there are in the time that is passed over is not known. So in some stretches they are only
 * counted, which slows the program down too, but by a time that was measured. */
#include "detector/doors/sample.h"
#include "runtime/os/os.h"

#include <sys/syscall.h>
#include <time.h>
#include <unistd.h>

#define LOOKS_NS 1000000ull    /* one sample */
#define COUNTS_NS 250000ull    /* one stretch of counting */
#define COUNTS_EACH 4u         /* one of so many stretches of passing over has one in it */
#define STACK ((size_t)64 * 1024)
#define TRIES 2000u            /* calls, to measure one */

uint32_t gr__sampling;

static uint64_t seed;
static uint32_t began;                            /* atomic: there is a sampler */
static uint64_t looked_cpu, counted_cpu;          /* atomic: ns of the process, until `since` */
static uint64_t since;                            /* atomic: ns of the process when the mode was changed last */
static uint64_t picoseconds;                      /* constant: of a call that counts */

static uint64_t now_of(clockid_t clock) {
    struct timespec t = {0};
    syscall(SYS_clock_gettime, clock, &t);
    return (uint64_t)t.tv_sec * 1000000000u + (uint64_t)t.tv_nsec;
}

static uint64_t random_below(uint64_t n) {
    seed ^= seed << 13;
    seed ^= seed >> 7;
    seed ^= seed << 17;
    return seed % n;
}

static void add_cpu(uint64_t now) {
    uint64_t spent = now - GR__LOAD_RELAXED(&since);
    if (gr__sampling == GR__SAMPLING_LOOKS) GR__ADD(&looked_cpu, spent);
    if (gr__sampling == GR__SAMPLING_COUNTS) GR__ADD(&counted_cpu, spent);
    GR__STORE(&since, now);
}

/* The mode changes first to one in which all is ready, then the text: an interceptor that sees the mode looks
 * for itself. */
static void change(enum gr__sampling mode) {
    if (!gr__sample_text_use(mode)) return;
    add_cpu(now_of(CLOCK_PROCESS_CPUTIME_ID));
    GR__STORE(&gr__sampling, mode);
}

static void wait_ns(uint64_t ns) {
    struct timespec left = {(time_t)(ns / 1000000000u), (long)(ns % 1000000000u)};
    syscall(SYS_clock_nanosleep, CLOCK_MONOTONIC, 0, &left, NULL);
}

/* What a sample took is how long the next one is waited for: half as long again or less by half. */
static void pass_over(uint64_t took, unsigned turn) {
    uint64_t share = (uint64_t)gr__option.sample;
    uint64_t wait = took * (1000000 - share) / share;
    wait = wait / 2 + random_below(wait + 1);
    change(GR__SAMPLING_PASSES);
    if (turn % COUNTS_EACH || wait < 4 * COUNTS_NS) {
        wait_ns(wait);
        return;
    }
    uint64_t before = random_below(wait - COUNTS_NS);
    wait_ns(before);
    change(GR__SAMPLING_COUNTS);
    wait_ns(COUNTS_NS);
    change(GR__SAMPLING_PASSES);
    wait_ns(wait - COUNTS_NS - before);
}

static void *sampler(void *unused) {
    uint64_t start = gr__os_now();
    (void)unused;
    for (unsigned turn = 0;; turn++) {
        wait_ns(LOOKS_NS);
        pass_over(gr__os_now() - start, turn);
        start = gr__os_now();
        change(GR__SAMPLING_LOOKS);
    }
    return NULL;
}

static void start(void) {
    uint64_t blocked = gr__os_signals_block();
    GR__ADD(&gr__os_hidden_threads, 1);
    began = gr__os_thread(sampler, NULL, STACK);
    if (!began) GR__ADD(&gr__os_hidden_threads, -1);
    gr__os_signals_set(blocked);
}

static void measure_count(void) {
    uint64_t from = gr__os_now();
    for (unsigned i = 0; i < TRIES; i++) gr__sampled_count();
    picoseconds = (gr__os_now() - from) * 1000 / TRIES;
    gr__sample_counter_here()->counted = 0;
}

static void complain(const char *why) {
    struct { const char *text; } parts[] = {{"gorace: sample: "}, {why}, {": all accesses are looked at\n"}};
    for (unsigned i = 0; i < 3; i++) {
        size_t n = 0;
        while (parts[i].text[n]) n++;
        if (syscall(SYS_write, 2, parts[i].text, n) < 0) return;
    }
}

void gr__sample_init(void) {
    if (gr__option.sample >= 1000000) return;
    const char *why = gr__sample_text_make();
    if (why) {
        complain(why);
        return;
    }
    seed = gr__option.sample_seed ? (uint64_t)gr__option.sample_seed * 0x9e3779b97f4a7c15ull : gr__os_now() | 1;
    measure_count();
    change(GR__SAMPLING_LOOKS);
}

/* libc's threads are ready once constructors run. */
__attribute__((constructor)) static void begin(void) {
    if (gr__sampling && !began) start();
}

void gr__sample_forked(bool watched) {
    if (!gr__sampling) return;
    looked_cpu = counted_cpu = since = 0;
    gr__os_hidden_threads = 0;
    for (unsigned i = 0; i < GR__SAMPLE_SHARDS; i++) gr__sample_counters[i] = (gr__sample_counter){0, 0};
    change(watched ? GR__SAMPLING_LOOKS : GR__SAMPLING_PASSES);
    if (watched) start();
}

bool gr__sample_share(uint64_t *seen, uint64_t *all) {
    if (!gr__sampling) return false;
    uint64_t cpu = now_of(CLOCK_PROCESS_CPUTIME_ID), counted = 0;
    *seen = 0;
    for (unsigned i = 0; i < GR__SAMPLE_SHARDS; i++) {
        *seen += GR__LOAD_RELAXED(&gr__sample_counters[i].seen);
        counted += GR__LOAD_RELAXED(&gr__sample_counters[i].counted);
    }
    uint64_t looked = GR__LOAD_RELAXED(&looked_cpu), spent = cpu - GR__LOAD_RELAXED(&since);
    uint64_t counting = GR__LOAD_RELAXED(&counted_cpu);
    if (gr__sampling == GR__SAMPLING_LOOKS) looked += spent;
    uint64_t passed = cpu > looked ? cpu - looked : 0;
    /* Of the time in which accesses were counted, what counting took is not the program's; but some is. */
    uint64_t taken = counted * picoseconds / 1000, own = counting - (taken < counting * 3 / 4 ? taken : counting * 3 / 4);
    if (!own) {
        own = looked;
        counted = *seen;
    }
    *all = *seen + (own ? (uint64_t)((double)counted / (double)own * (double)passed) : 0);
    return true;
}
