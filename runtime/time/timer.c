/* timer.c - timers and tickers: an alarm and a channel of one element, or a goroutine. Any goroutine;
 * the calls on one timer order themselves by its lock, which comes before the alarms', under which
 * `fire` runs.
 *
 * What the caller did before arming happens before the receive, and before the function of
 * gr_after_func: its goroutine is made by who arms it and only started by the alarm. As in Go 1.23, no
 * value of an earlier setting is left in the channel after stop or reset. */
#include "runtime/chan/chan.h"
#include "runtime/os/os.h"
#include "runtime/time/time.h"

struct gr_timer {
    gr__alarm alarm;
    uint32_t lock;          /* what is armed and disarmed: not to be interleaved */
    gr_chan *chan;          /* c: NULL for gr_after_func */
    gr__g *ready;           /* lock until armed, then fire's: the goroutine to start */
    void (*fn)(void *);     /* c */
    void *argument;         /* c */
    uintptr_t pc;           /* c */
};
struct gr_ticker { gr_timer timer; };

static void fire_channel(void *argument, uint64_t now) {
    gr_timer *t = argument;
    gr__chan_fire(t->chan, (gr_duration)now);
}

static void fire_goroutine(void *argument, uint64_t now) {
    (void)now;
    gr_timer *t = argument;
    gr__g *g = t->ready;
    t->ready = NULL;
    gr__g_start(g);
}

static void arm(gr_timer *t, gr_duration d) {
    if (t->chan) {
        gr__chan_armed(t->chan);
    } else {
        uintptr_t word = (uintptr_t)t->argument;
        t->ready = gr__g_new((void (*)(void))t->fn, &word, 1, t->pc);
    }
    gr__alarm_set(&t->alarm, gr__time_after(d));
}

static bool disarm(gr_timer *t) {
    bool was = gr__alarm_stop(&t->alarm);
    if (t->chan) gr__chan_drain(t->chan);
    else if (was) gr__g_discard(t->ready);
    return was;
}

/* What its channel is from now on; that of gr_after is left alone by everybody. */
static void mark(const gr_timer *t, uint32_t origin) {
    if (t->chan) gr__chan_origin(t->chan, origin);
}

static gr_timer *make(size_t size, gr_chan *chan) {
    gr_timer *t = gr__alloc(size);
    if (!t) gr__fatal("out of memory: no room for a timer");
    t->alarm.fire = chan ? fire_channel : fire_goroutine;
    t->alarm.argument = t;
    t->chan = chan;
    gr__hook_block_new(t, size);
    return t;
}

gr_chan *gr_after(gr_duration d) {
    gr__self();
    gr_chan *c = gr__chan_new(sizeof(gr_duration), 1, GR__CALLER_PC);
    gr_timer *t = make(sizeof *t, c);
    c->timer = t;
    mark(t, GR__ORIGIN_AFTER);
    arm(t, d);
    return c;
}

void gr__timer_of_channel_free(gr_timer *t) {
    gr__alarm_stop(&t->alarm);
    gr__hook_block_gone(t);
    gr__free(t, sizeof *t);
}

gr_timer *gr_timer_new(gr_duration d) {
    gr__self();
    gr_timer *t = make(sizeof *t, gr__chan_new(sizeof(gr_duration), 1, GR__CALLER_PC));
    mark(t, GR__ORIGIN_TIMER);
    arm(t, d);
    return t;
}

gr_timer *gr_after_func(gr_duration d, void (*fn)(void *), void *argument) {
    gr__self();
    gr_timer *t = make(sizeof *t, NULL);
    t->fn = fn;
    t->argument = argument;
    t->pc = GR__CALLER_PC;
    arm(t, d);
    return t;
}

gr_chan *gr_timer_chan(gr_timer *t) { return t->chan; }

bool gr_timer_stop(gr_timer *t) {
    gr__self();
    gr__lock(&t->lock);
    bool was = disarm(t);
    mark(t, GR__ORIGIN_TIMER_STOPPED);
    gr__unlock(&t->lock);
    return was;
}

bool gr_timer_reset(gr_timer *t, gr_duration d) {
    gr__self();
    gr__lock(&t->lock);
    bool was = disarm(t);
    mark(t, GR__ORIGIN_TIMER);
    arm(t, d);
    gr__unlock(&t->lock);
    return was;
}

void gr_timer_free(gr_timer *t) {
    if (!t) return;
    gr__self();
    disarm(t);
    if (t->chan) gr__chan_free(t->chan, GR__CALLER_PC);
    gr__hook_block_gone(t);
    gr__free(t, sizeof *t);
}

gr_ticker *gr_ticker_new(gr_duration period) {
    gr__self();
    if (period <= 0) gr__panic("non-positive interval for NewTicker");
    gr_ticker *t = (gr_ticker *)make(sizeof *t, gr__chan_new(sizeof(gr_duration), 1, GR__CALLER_PC));
    t->timer.alarm.period = (uint64_t)period;
    mark(&t->timer, GR__ORIGIN_TICKER);
    arm(&t->timer, period);
    return t;
}

gr_chan *gr_ticker_chan(gr_ticker *t) { return t->timer.chan; }

void gr_ticker_stop(gr_ticker *t) {
    gr__self();
    disarm(&t->timer);
    mark(&t->timer, GR__ORIGIN_TICKER_STOPPED);
}

void gr_ticker_free(gr_ticker *t) {
    if (!t) return;
    gr__self();
    disarm(&t->timer);
    gr__chan_free(t->timer.chan, GR__CALLER_PC);
    gr__hook_block_gone(t);
    gr__free(t, sizeof *t);
}
