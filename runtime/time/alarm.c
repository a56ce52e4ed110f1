/* alarm.c - a 4-ary heap of alarms under one lock; sleeping is an alarm that readies a goroutine.
 * Lock order: alarms, channels, scheduler. */
#include "runtime/time/time.h"

#include "runtime/os/os.h"
#include "runtime/sched/sched.h"

static uint32_t lock;
static gr__alarm **heap;        /* lock; heap[1] is the first */
static uint32_t count, room;    /* lock */
static uint64_t next;           /* a: heap[1]->when */

static void put(gr__alarm *a, uint32_t at) {
    heap[at] = a;
    a->place = at;
}

static void up(uint32_t at) {
    gr__alarm *a = heap[at];
    while (at > 1) {
        uint32_t parent = (at + 2) / 4;
        if (heap[parent]->when <= a->when) break;
        put(heap[parent], at);
        at = parent;
    }
    put(a, at);
}

static void down(uint32_t at) {
    gr__alarm *a = heap[at];
    for (;;) {
        uint32_t child = 4 * at - 2, least = at;
        uint64_t when = a->when;
        for (uint32_t i = child; i < child + 4 && i <= count; i++) {
            if (heap[i]->when >= when) continue;
            when = heap[i]->when;
            least = i;
        }
        if (least == at) break;
        put(heap[least], at);
        at = least;
    }
    put(a, at);
}

static void publish(void) { GR__STORE(&next, count ? heap[1]->when : 0); }

static void grow(void) {
    uint32_t larger = room ? 2 * room : 512;
    gr__alarm **h = gr__pages(larger * sizeof *h);
    if (!h) gr__fatal("out of memory: no room for an alarm");
    for (uint32_t i = 1; i <= count; i++) h[i] = heap[i];
    if (heap) gr__pages_free(heap, room * sizeof *h);
    heap = h;
    room = larger;
}

static void take_out(gr__alarm *a) {
    uint32_t at = a->place;
    gr__alarm *last = heap[count--];
    a->place = 0;
    if (last == a) return;
    put(last, at);
    up(at);
    down(last->place);
}

static void insert(gr__alarm *a, uint64_t when) {
    a->when = when ? when : 1;
    if (count + 1 >= room) grow();
    put(a, ++count);
    up(count);
    publish();
    if (a->place == 1) gr__sched_alarm(a->when);
}

bool gr__alarm_set(gr__alarm *a, uint64_t when) {
    gr__lock(&lock);
    bool was = a->place != 0;
    if (was) take_out(a);
    insert(a, when);
    gr__unlock(&lock);
    return was;
}

bool gr__alarm_stop(gr__alarm *a) {
    gr__lock(&lock);
    bool was = a->place != 0;
    if (was) {
        take_out(a);
        publish();
    }
    gr__unlock(&lock);
    return was;
}

void gr__alarm_park(struct gr__g *g, gr__alarm *a, unsigned reason, uintptr_t pc) {
    gr__lock(&lock);
    insert(a, a->when);
    gr__park(g, &lock, reason, NULL, pc);
}

uint64_t gr__alarms_next(void) { return GR__LOAD(&next); }

bool gr__alarms_run(uint64_t now) {
    bool any = false;
    gr__lock(&lock);
    while (count && heap[1]->when <= now) {
        gr__alarm *a = heap[1];
        if (a->period) {
            a->when += a->period * (1 + (now - a->when) / a->period);
            down(1);
        } else {
            take_out(a);
        }
        any = true;
        a->fire(a->argument, now);
    }
    publish();
    gr__unlock(&lock);
    return any;
}

static void wake_sleeper(void *argument, uint64_t now) {
    (void)now;
    gr__ready(argument);
}

gr_duration gr_now(void) { return (gr_duration)gr__os_now(); }

void gr_sleep(gr_duration d) {
    if (d <= 0) return;
    gr__g *g = gr__self();
    gr__alarm a = {.when = gr__os_now() + (uint64_t)d, .fire = wake_sleeper, .argument = g};
    gr__alarm_park(g, &a, GR__WAIT_SLEEP, GR__CALLER_PC);
}
