/* sample.c - see sample.h. Samples are stretches of time in which all threads' accesses are looked at, so that
 * two that race within one are both seen. What a sample costs is then a share of the time at most, whatever the
 * program does. A thread, the sampler, goes from mode to mode; what is below is its own, but for what is atomic.
 *
 * How many accesses there are in the time that is passed over is not known. So in some stretches they are only
 * counted. That slows the program down too; by how much shows when counting takes twice the time. */
#include "detector/doors/sample.h"
#include "runtime/base/proc.h"
#include "runtime/inspect/anatomy.h"
#include "runtime/os/os.h"

#include <sys/syscall.h>
#include <time.h>
#include <unistd.h>

#define LOOKS_NS 1000000ull    /* one sample */
#define COUNTS_NS 200000ull    /* one stretch of counting */
#define SELDOM_NS 25000000ull  /* between two of them, at most; about */
#define STACK ((size_t)64 * 1024)

uint32_t gr__sampling;

static uint64_t seed;
static uint64_t started;                          /* constant: when */
static uint32_t began;                            /* atomic: there is a sampler */
static uint64_t spent[GR__SAMPLING_LOOKS + 1];    /* atomic: ns of the process in each mode, until `since` */
static uint64_t since;                            /* atomic: ns of the process when the mode was changed last */

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
    GR__ADD(&spent[gr__sampling], now - GR__LOAD_RELAXED(&since));
    GR__STORE(&since, now);
}

static void change(enum gr__sampling mode) {
    if (!gr__sample_text_use(mode)) return;
    add_cpu(now_of(CLOCK_PROCESS_CPUTIME_ID));
    GR__STORE(&gr__sampling, mode);
}

static void wait_ns(uint64_t ns) {
    struct timespec left = {(time_t)(ns / 1000000000u), (long)(ns % 1000000000u)};
    syscall(SYS_clock_nanosleep, CLOCK_MONOTONIC, 0, &left, NULL);
}

/* Nothing is looked at, for about as long as it takes that the last sample was the wanted share of the time. In
 * between accesses are counted: often at first, as a program may be short. */
static void pass_over(uint64_t took) {
    uint64_t share = (uint64_t)gr__option.sample, left = took * (1000000 - share) / share;
    left = left / 2 + random_below(left + 1);
    change(GR__SAMPLING_PASSES);
    while (left > 0) {
        uint64_t lived = gr__os_now() - started, part = lived / 2 < SELDOM_NS ? lived / 2 : SELDOM_NS;
        part = part / 2 + random_below(part + 1) + COUNTS_NS;
        wait_ns(part < left ? part : left);
        if (part >= left) return;
        left -= part;
        change(GR__SAMPLING_COUNTS);
        wait_ns(COUNTS_NS);
        change(GR__SAMPLING_COUNTS_SLOWLY);
        wait_ns(COUNTS_NS);
        change(GR__SAMPLING_PASSES);
    }
}

/* The main thread has ended before the others, and they have too: libc ends the process with its last thread,
 * which is this one. */
static bool is_last(void) {
    char path[GR__PROC_PATH], text[4096];
    if (gr__os_threads() > 1) return false;
    gr__proc_path(path, GR__PROC_TASKS, gr__process, "/status");
    const char *state = gr__proc_read(path, text, sizeof text) ? gr__proc_field(text, "State:") : NULL;
    return state && *state == 'Z';
}

static void *sampler(void *unused) {
    uint64_t start = gr__os_now();
    (void)unused;
    gr__anatomy_help(GR__HELPER_SAMPLER);
    while (!is_last()) {
        wait_ns(LOOKS_NS);
        pass_over(gr__os_now() - start);
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
    started = gr__os_now();
    change(GR__SAMPLING_LOOKS);
}

/* libc's threads are ready once constructors run. */
__attribute__((constructor)) static void begin(void) {
    if (gr__sampling && !began) start();
}

void gr__sample_forked(bool watched) {
    if (!gr__sampling) return;
    for (unsigned i = 0; i <= GR__SAMPLING_LOOKS; i++) spent[i] = 0;
    since = 0;
    gr__os_hidden_threads = 0;
    gr__anatomy_help_no_more(GR__HELPER_SAMPLER);
    for (unsigned i = 0; i < GR__SAMPLE_SHARDS; i++) gr__sample_counters[i] = (gr__sample_counter){0, 0, 0, 0};
    change(watched ? GR__SAMPLING_LOOKS : GR__SAMPLING_PASSES);
    if (watched) start();
}

/* Time from one access to the next, if nothing were counted: counting takes the same at each, once and twice. */
static double interval(double counted, double time, double counted_slowly, double time_slowly) {
    if (counted <= 0 || counted_slowly <= 0) return 0;
    double once = time / counted, own = 2 * once - time_slowly / counted_slowly;
    return own > once ? once : own < once / 16 ? once / 16 : own;
}

bool gr__sample_share(uint64_t *seen, uint64_t *all) {
    if (!gr__sampling) return false;
    uint64_t now = now_of(CLOCK_PROCESS_CPUTIME_ID), counted = 0, counted_slowly = 0;
    *seen = 0;
    for (unsigned i = 0; i < GR__SAMPLE_SHARDS; i++) {
        *seen += GR__LOAD_RELAXED(&gr__sample_counters[i].seen);
        counted += GR__LOAD_RELAXED(&gr__sample_counters[i].counted);
        counted_slowly += GR__LOAD_RELAXED(&gr__sample_counters[i].counted_slowly);
    }
    double looked = (double)GR__LOAD_RELAXED(&spent[GR__SAMPLING_LOOKS]);
    if (gr__sampling == GR__SAMPLING_LOOKS) looked += (double)(now - GR__LOAD_RELAXED(&since));
    double counting = (double)GR__LOAD_RELAXED(&spent[GR__SAMPLING_COUNTS]);
    double counting_slowly = (double)GR__LOAD_RELAXED(&spent[GR__SAMPLING_COUNTS_SLOWLY]);
    double each = interval((double)counted, counting, (double)counted_slowly, counting_slowly);
    if (!(each > 0) && *seen) each = looked / (double)*seen;
    *all = *seen + (each > 0 && (double)now > looked ? (uint64_t)(((double)now - looked) / each) : 0);
    return true;
}
