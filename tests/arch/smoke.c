/* smoke.c - what touches the processor: switching, stacks, threads, atomics; and how a program ends.
 * Each case runs in a process of its own. `smoke [CASE]`; exit status 0: all right. */
#include <gorace.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>
#include <unwind.h>

#define EXPECT(condition) \
    do { if (!(condition)) { fprintf(stderr, "smoke.c:%d: %s\n", __LINE__, #condition); exit(1); } } while (0)

static gr_waitgroup all;

/* --- switching --- */

/* More values at once than there are registers to keep, integers and doubles, over every switch. */
static void keep(int seed) {
    long a = seed, b = seed + 1, c = seed + 2, d = seed + 3, e = seed + 4, f = seed + 5, g = seed + 6,
         h = seed + 7, i = seed + 8, j = seed + 9;
    double k = seed, l = seed + 1, m = seed + 2, n = seed + 3, o = seed + 4, p = seed + 5, q = seed + 6,
           r = seed + 7, s = seed + 8, t = seed + 9;
    for (int turn = 0; turn < 300; turn++) {
        gr_gosched();
        a++, b++, c++, d++, e++, f++, g++, h++, i++, j++;
        k++, l++, m++, n++, o++, p++, q++, r++, s++, t++;
    }
    EXPECT(a + b + c + d + e + f + g + h + i + j == 10L * (seed + 300) + 45);
    EXPECT(k + l + m + n + o + p + q + r + s + t == 10.0 * (seed + 300) + 45);
    EXPECT(a == seed + 300 && j == seed + 309 && k == seed + 300.0 && t == seed + 309.0);
    gr_waitgroup_done(&all);
}
static void registers(void) {
    gr_waitgroup_add(&all, 16);
    for (int i = 0; i < 16; i++) go(keep, 1000 * i);
    gr_waitgroup_wait(&all);
}

static void sum_of(long a, int b, const char *c, unsigned char d, long e, long f, long g, long h) {
    EXPECT(a == -1 && b == 2 && strcmp(c, "three") == 0 && d == 4 && e == 5 && f == 6 && g == 7 && h == 8);
    gr_waitgroup_done(&all);
}
static void arguments(void) {
    gr_waitgroup_add(&all, 1);
    go(sum_of, -1L, 2, "three", 4, 5L, 6L, 7L, 8L);
    gr_waitgroup_wait(&all);
}

static _Unwind_Reason_Code frame(struct _Unwind_Context *context, void *count) {
    (void)context;
    return ++*(int *)count < 100 ? _URC_NO_REASON : _URC_END_OF_STACK;
}
static void walk(void) {
    int frames = 0;
    _Unwind_Backtrace(frame, &frames);
    EXPECT(frames >= 1 && frames < 100);
    gr_waitgroup_done(&all);
}
static void unwinding(void) {
    gr_waitgroup_add(&all, 1);
    go(walk);
    gr_waitgroup_wait(&all);
}

/* --- stacks --- */

/* Not for ThreadSanitizer: it has room for 65536 frames of a stack, and writes on beyond. */
__attribute__((noinline, no_sanitize("thread"))) static long descend(long depth) {
    char place[64] = {0};
    place[depth & 63] = 1;
    __asm__ volatile("" : : "r"(place) : "memory");
    if (depth % 10000 == 0) gr_gosched();
    return depth ? descend(depth - 1) + place[depth & 63] : 0;
}
static void diver(void) {
    EXPECT(descend(100000) == 100000);
    gr_waitgroup_done(&all);
}
static void deep(void) {
    gr_waitgroup_add(&all, 3);
    for (int i = 0; i < 3; i++) go(diver);
    gr_waitgroup_wait(&all);
}

static void falls(void) {
    descend(INT64_MAX / 10000 * 10000 - 1);
}
static void overflow(void) {
    go(falls);
    for (;;) gr_sleep(GR_SECOND);
}

/* --- threads, atomics, clocks --- */

static void double_all(gr_chan *in, gr_chan *out) {
    for (long v; gr_recv(in, &v);) gr_send_value(out, long, 2 * v);
    gr_close(out);
}
static void channels(void) {
    for (int capacity = 0; capacity < 3; capacity++) {
        gr_chan *in = gr_make(long, capacity), *out = gr_make(long, 0);
        go(double_all, in, out);
        for (long i = 0, v; i < 2000; i++) {
            gr_send(in, &i);
            EXPECT(gr_recv(out, &v) && v == 2 * i);
        }
        gr_close(in);
        EXPECT(!gr_recv(out, NULL));
    }
}

struct message { long first; char middle[37]; long last; };     /* of a size that no register holds */
static void post(gr_chan *c) {
    for (long i = 0; i < 1000; i++) {
        struct message m = {.first = i, .last = ~i};
        memset(m.middle, (int)(i & 127), sizeof m.middle);
        gr_send(c, &m);
    }
    gr_close(c);
}
static void messages(void) {
    gr_chan *c = gr_make(struct message, 3);
    go(post, c);
    struct message m;
    long n = 0;
    for (; gr_recv(c, &m); n++)
        EXPECT(m.first == n && m.last == ~n && m.middle[0] == (n & 127) && m.middle[36] == (n & 127));
    EXPECT(n == 1000);
}

static void offer(gr_chan *c, gr_chan *quit) {
    for (int i = 1;; i++) {
        gr_case cases[] = {gr_case_send(c, &i), gr_case_recv(quit, NULL)};
        if (gr_select(cases, 2) == 1) break;
    }
    gr_waitgroup_done(&all);
}
static void selects(void) {
    gr_chan *a = gr_make(int, 0), *b = gr_make(int, 1), *quit = gr_make(int, 0);
    gr_waitgroup_add(&all, 2);
    go(offer, a, quit);
    go(offer, b, quit);
    int seen[2] = {0, 0};
    while (seen[0] < 1000 || seen[1] < 1000) {
        int v;
        gr_case cases[] = {gr_case_recv(a, &v), gr_case_recv(b, &v), gr_case_recv(NULL, &v)};
        int chosen = gr_select(cases, 3);
        EXPECT(chosen < 2 && v == ++seen[chosen]);
    }
    gr_close(quit);
    gr_waitgroup_wait(&all);
    gr_case nothing[] = {gr_case_recv(a, NULL)};
    EXPECT(gr_select_default(nothing, 1) == -1);
}

static gr_mutex mutex;
static gr_rwmutex rwmutex;
static gr_once once;
static gr_cond changed;
static gr_sem sem;
static long counter, pair[2];
static int inside, made;

static void make(void) { made++; }
static void work(void) {
    gr_once_do(&once, make);
    for (int i = 0; i < 500; i++) {
        gr_mutex_lock(&mutex);
        counter++;
        gr_mutex_unlock(&mutex);
        gr_rwmutex_rlock(&rwmutex);
        EXPECT(pair[0] == pair[1]);
        gr_rwmutex_runlock(&rwmutex);
        if (i % 10) continue;
        gr_rwmutex_lock(&rwmutex);
        pair[0]++;
        gr_gosched();
        pair[1]++;
        gr_rwmutex_unlock(&rwmutex);
        gr_sem_acquire(&sem, 1);
        EXPECT(__atomic_add_fetch(&inside, 1, __ATOMIC_SEQ_CST) <= 3);
        gr_gosched();
        __atomic_sub_fetch(&inside, 1, __ATOMIC_SEQ_CST);
        gr_sem_release(&sem, 1);
    }
    gr_mutex_lock(&mutex);
    gr_cond_signal(&changed);
    gr_mutex_unlock(&mutex);
    gr_waitgroup_done(&all);
}
static void sync_objects(void) {
    gr_cond_init(&changed, &mutex);
    gr_sem_init(&sem, 3);
    gr_waitgroup_add(&all, 8);
    for (int i = 0; i < 8; i++) go(work);
    gr_mutex_lock(&mutex);
    while (counter < 8 * 500) gr_cond_wait(&changed);
    gr_mutex_unlock(&mutex);
    gr_waitgroup_wait(&all);
    EXPECT(counter == 8 * 500 && made == 1 && pair[0] == 8 * 50 && pair[1] == 8 * 50);
}

static void timers(void) {
    gr_duration begun = gr_now(), fired;
    gr_sleep(20 * GR_MILLISECOND);
    EXPECT(gr_now() - begun >= 20 * GR_MILLISECOND);
    gr_chan *soon = gr_after(5 * GR_MILLISECOND), *late = gr_after(GR_HOUR);
    gr_case cases[] = {gr_case_recv(late, NULL), gr_case_recv(soon, &fired)};
    EXPECT(gr_select(cases, 2) == 1 && fired - begun >= 25 * GR_MILLISECOND);
    gr_ticker *ticker = gr_ticker_new(2 * GR_MILLISECOND);
    for (int i = 0; i < 5; i++) EXPECT(gr_recv(gr_ticker_chan(ticker), NULL));
    gr_ticker_free(ticker);
}

/* --- how a program ends --- */

static void deadlock(void) {
    gr_chan *c = gr_make(int, 0);
    go(double_all, c, c);
    gr_mutex_lock(&mutex);
    gr_mutex_lock(&mutex);
}

static void words(void) { gr_panic("number %d", 7); }
static void panic(void) {
    go(words);
    for (;;) gr_sleep(GR_SECOND);
}

static const struct { const char *name; void (*run)(void); int status; const char *words; } cases[] = {
    {"registers", registers, 0, ""},
    {"arguments", arguments, 0, ""},
    {"unwinding", unwinding, 0, ""},
    {"deep", deep, 0, ""},
    {"overflow", overflow, 2, "stack overflow"},
    {"channels", channels, 0, ""},
    {"messages", messages, 0, ""},
    {"selects", selects, 0, ""},
    {"sync", sync_objects, 0, ""},
    {"timers", timers, 0, ""},
    {"deadlock", deadlock, 2, "all goroutines are asleep - deadlock!"},
    {"panic", panic, 2, "panic: number 7"},
};

/* The case in a child, whose words on stderr are kept. */
static bool passes(size_t i) {
    static char said[64 * 1024];
    size_t length = 0;
    int ends[2], status;
    if (pipe(ends)) return false;
    pid_t child = fork();
    if (child < 0) return false;
    if (child == 0) {
        dup2(ends[1], 2);
        close(ends[0]);
        close(ends[1]);
        cases[i].run();
        exit(0);
    }
    close(ends[1]);
    for (ssize_t n; length < sizeof said - 1 && (n = read(ends[0], said + length, sizeof said - 1 - length)) > 0;)
        length += (size_t)n;
    said[length] = 0;
    close(ends[0]);
    waitpid(child, &status, 0);
    bool right = WIFEXITED(status) && WEXITSTATUS(status) == cases[i].status &&
                 (*cases[i].words ? strstr(said, cases[i].words) != NULL : length == 0);
    printf("%-10s %s\n", cases[i].name, right ? "ok" : "WRONG");
    if (!right) printf("status %x:\n%s\n", (unsigned)status, said);
    fflush(stdout);
    return right;
}

/* ThreadSanitizer has a thread of its own, which might do anything: no goroutine is ever given up. */
static bool can_be(size_t i) {
#ifdef __SANITIZE_THREAD__
    return cases[i].run != deadlock;
#endif
    (void)i;
    return true;
}

int main(int argc, char **argv) {
    /* Reports are the bare facts here: a reporter may be of another processor. */
    setenv("GORACE_TOOL", "/nonexistent", 1);
    setenv("PATH", "", 1);
    int wrong = 0;
    for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++)
        if (can_be(i) && (argc < 2 || strcmp(argv[1], cases[i].name) == 0)) wrong += !passes(i);
    return wrong != 0;
}
