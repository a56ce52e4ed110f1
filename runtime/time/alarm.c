/* alarm.c - 4-ary heaps of alarms, one for each P, each under a lock of its own; sleeping is an alarm that
 * readies a goroutine.
 *
 * An alarm belongs to the heap of the P on which it was first set, for good, so whoever has it knows
 * which lock is its. Any thread may fire what is due in any heap: the Ms do so whenever they look for
 * work, so a heap whose P is held up or retired is served by others.
 * Lock order: alarms, channels, scheduler. */
#include "runtime/time/time.h"

#include "runtime/os/os.h"
#include "runtime/sched/sched.h"

enum { HEAPS = 1024, FIRST_ROOM = 512 };    /* as many as there can be Ps */

typedef struct heap {
    _Alignas(64) uint32_t lock;
    uint32_t count, room;       /* lock */
    gr__alarm **at;             /* lock; at[1] is the first */
    uint64_t next;              /* a: at[1]->when; 0: none */
} heap;
static heap heaps[HEAPS];
static uint32_t heaps_used;     /* a: none beyond was ever used */

static void put(heap *h, gr__alarm *a, uint32_t place) {
    h->at[place] = a;
    a->place = place;
}

static void up(heap *h, uint32_t place) {
    gr__alarm *a = h->at[place];
    while (place > 1) {
        uint32_t parent = (place + 2) / 4;
        if (h->at[parent]->when <= a->when) break;
        put(h, h->at[parent], place);
        place = parent;
    }
    put(h, a, place);
}

static void down(heap *h, uint32_t place) {
    gr__alarm *a = h->at[place];
    for (;;) {
        uint32_t child = 4 * place - 2, least = place;
        uint64_t when = a->when;
        for (uint32_t i = child; i < child + 4 && i <= h->count; i++) {
            if (h->at[i]->when >= when) continue;
            when = h->at[i]->when;
            least = i;
        }
        if (least == place) break;
        put(h, h->at[least], place);
        place = least;
    }
    put(h, a, place);
}

static void publish(heap *h) { GR__STORE(&h->next, h->count ? h->at[1]->when : 0); }

static void grow(heap *h) {
    uint32_t larger = h->room ? 2 * h->room : FIRST_ROOM;
    gr__alarm **at = gr__pages(larger * sizeof *at);
    if (!at) gr__fatal("out of memory: no room for an alarm");
    for (uint32_t i = 1; i <= h->count; i++) at[i] = h->at[i];
    if (h->at) gr__pages_free(h->at, h->room * sizeof *at);
    h->at = at;
    h->room = larger;
}

static void take_out(heap *h, gr__alarm *a) {
    uint32_t place = a->place;
    gr__alarm *last = h->at[h->count--];
    a->place = 0;
    if (last == a) return;
    put(h, last, place);
    up(h, place);
    down(h, last->place);
}

static void insert(heap *h, gr__alarm *a, uint64_t when) {
    a->when = when ? when : 1;
    if (h->count + 1 >= h->room) grow(h);
    put(h, a, ++h->count);
    up(h, h->count);
    publish(h);
    if (a->place == 1) gr__sched_alarm(a->when);
}

/* The heap of an alarm; the first call for it chooses. */
static heap *heap_of(gr__alarm *a) {
    uint32_t number = GR__LOAD_RELAXED(&a->heap);
    if (!number) {
        uint32_t chosen = gr__sched_place() + 1, used = GR__LOAD(&heaps_used);
        while (used < chosen && !GR__CAS(&heaps_used, &used, chosen)) {}
        if (GR__CAS(&a->heap, &number, chosen)) number = chosen;
    }
    return &heaps[number - 1];
}

bool gr__alarm_set(gr__alarm *a, uint64_t when) {
    heap *h = heap_of(a);
    gr__lock(&h->lock);
    bool was = a->place != 0;
    if (was) take_out(h, a);
    insert(h, a, when);
    gr__unlock(&h->lock);
    return was;
}

bool gr__alarm_stop(gr__alarm *a) {
    heap *h = heap_of(a);
    gr__lock(&h->lock);
    bool was = a->place != 0;
    if (was) {
        take_out(h, a);
        publish(h);
    }
    gr__unlock(&h->lock);
    return was;
}

void gr__alarm_park(struct gr__g *g, gr__alarm *a, unsigned reason, uintptr_t pc) {
    heap *h = heap_of(a);
    gr__lock(&h->lock);
    insert(h, a, a->when);
    gr__park(g, &h->lock, reason, NULL, pc);
}

void gr__alarms_each(void (*visit)(const gr__alarm *alarm, void *argument), void *argument) {
    for (uint32_t i = 0; i < GR__LOAD(&heaps_used); i++)
        for (uint32_t k = 1; k <= heaps[i].count; k++) visit(heaps[i].at[k], argument);
}

uint64_t gr__alarms_next(void) {
    uint64_t first = 0;
    for (uint32_t i = 0; i < GR__LOAD(&heaps_used); i++) {
        uint64_t when = GR__LOAD(&heaps[i].next);
        if (when && (!first || when < first)) first = when;
    }
    return first;
}

static bool run(heap *h, uint64_t now) {
    bool any = false;
    gr__lock(&h->lock);
    while (h->count && h->at[1]->when <= now) {
        gr__alarm *a = h->at[1];
        if (a->period) {
            a->when += a->period * (1 + (now - a->when) / a->period);
            down(h, 1);
        } else {
            take_out(h, a);
        }
        any = true;
        a->fire(a->argument, now);
    }
    publish(h);
    gr__unlock(&h->lock);
    return any;
}

bool gr__alarms_run(uint64_t now) {
    bool any = false;
    for (uint32_t i = 0; i < GR__LOAD(&heaps_used); i++) {
        uint64_t when = GR__LOAD(&heaps[i].next);
        if (when && when <= now) any |= run(&heaps[i], now);
    }
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
    gr__alarm a = {.when = gr__time_after(d), .fire = wake_sleeper, .argument = g};
    gr__alarm_park(g, &a, GR__WAIT_SLEEP, GR__CALLER_PC);
}
