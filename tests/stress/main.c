/* main.c - random programs with a known outcome:  stress [SEED [SECONDS]]
 *
 * Each round is made from one seed: how many processors, which games, how large. Rounds follow each
 * other with SEED, SEED + 1, ... until SECONDS are over (0: one round); for ever without SECONDS. What
 * fails names its seed; the schedule is not repeatable, so a seed may have to run more than once.
 * Nobody but a signal watches over the time, so that a false "all goroutines are asleep" shows too. */
#include "stress.h"

#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#if defined(__SANITIZE_ADDRESS__) || defined(__SANITIZE_THREAD__)
enum { SANITIZED = 1 };
#else
enum { SANITIZED = 0 };
#endif
const uint32_t plenty = SANITIZED ? 1 : 4;

enum { PATIENCE = SANITIZED ? 240 : 60, GAMES_AT_ONCE = 6 };

static const struct { const char *name; void (*play)(uint64_t seed); } games[] = {
    {"flow", flow},     {"storm", storm},     {"locks", locks},
    {"timers", timers}, {"threads", threads}, {"tree", tree},
    {"contexts", contexts},
};
enum { GAMES = sizeof games / sizeof *games };

/* The round: what a failure tells. */
static uint64_t round_seed;
static char round_words[256];

static void tell(const char *text) {
    if (write(2, text, strlen(text)) < 0) return;
}

void failed(const char *file, int line, const char *what) {
    char text[600];
    snprintf(text, sizeof text, "stress: %s:%d: not so: %s\nstress: %s\n", file, line, what, round_words);
    tell(text);
    abort();
}

/* A round that does not end has lost a wake-up. */
static void on_alarm(int number) {
    (void)number;
    tell("stress: no end in sight\nstress: ");
    tell(round_words);
    tell("\n");
    signal(SIGALRM, SIG_DFL);
    alarm(20);                  /* for the goroutines to be dumped */
    kill(getpid(), SIGQUIT);
}

/* --- chance: splitmix64 (Steele, Lea, Flood, 2014) --- */

static uint64_t mix(uint64_t x) {
    x = (x ^ (x >> 30)) * 0xbf58476d1ce4e5b9u;
    x = (x ^ (x >> 27)) * 0x94d049bb133111ebu;
    return x ^ (x >> 31);
}
dice dice_of(uint64_t seed, uint64_t turn) { return (dice){mix(seed + 0x9e3779b97f4a7c15u * (turn + 1))}; }
uint32_t below(dice *d, uint32_t n) {
    d->state += 0x9e3779b97f4a7c15u;
    return (uint32_t)(((mix(d->state) >> 32) * n) >> 32);
}
uint32_t between(dice *d, uint32_t low, uint32_t high) { return low + below(d, high - low + 1); }

void dawdle(dice *d) {
    switch (below(d, 64)) {
    case 0:
    case 1:
    case 2: gr_gosched(); break;
    case 3:
        for (volatile int i = 0; i < 2000; i++) {}
        break;
    case 4:
        if (one_in(d, 8)) gr_sleep(between(d, 1, 200) * GR_MICROSECOND);
        break;
    default: break;
    }
}

/* --- rounds --- */

static void play(int game, uint64_t seed, gr_waitgroup *all) {
    games[game].play(seed);
    gr_waitgroup_done(all);
}

/* With only: games whose name is not it are left out. */
static void one_round(uint64_t seed, const char *only) {
    static const int procs[] = {1, 2, 3, 8, 16};
    dice d = dice_of(seed, 0);
    int n = procs[below(&d, 5)], count = (int)between(&d, 1, GAMES_AT_ONCE);
    int at = snprintf(round_words, sizeof round_words, "seed %llu, GOMAXPROCS %d:",
                      (unsigned long long)seed, n);
    alarm(PATIENCE);
    gr_gomaxprocs(n);
    gr_waitgroup all = {0};
    for (int i = 0; i < count; i++) {
        int game = (int)below(&d, GAMES);
        if (only && strcmp(games[game].name, only) != 0) continue;
        at += snprintf(round_words + at, sizeof round_words - (size_t)at, " %s", games[game].name);
        gr_waitgroup_add(&all, 1);
        go(play, game, (uint64_t)below(&d, UINT32_MAX), &all);
    }
    gr_waitgroup_wait(&all);
    while (gr_num_goroutine() > 1) gr_gosched();    /* they are on their last steps */
    alarm(0);
}

int main(int argc, char **argv) {
    uint64_t seed = argc > 1 ? strtoull(argv[1], NULL, 0) : (uint64_t)gr_now();
    int64_t seconds = argc > 2 ? strtoll(argv[2], NULL, 0) : INT64_MAX / GR_SECOND;
    const char *only = argc > 3 ? argv[3] : NULL;
    setenv("GORACE_PERTURB", "60", 0);      /* checked builds of the runtime look at it */
    signal(SIGALRM, on_alarm);
    printf("stress: seed %llu\n", (unsigned long long)seed);
    fflush(stdout);
    gr_duration begin = gr_now(), end = begin + seconds * GR_SECOND;
    uint64_t rounds = 0;
    do {
        round_seed = seed + rounds++;
        one_round(round_seed, only);
    } while (gr_now() < end);
    printf("stress: %llu rounds, all as expected\n", (unsigned long long)rounds);
    return 0;
}
