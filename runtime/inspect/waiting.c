/* waiting.c - see waiting.h. The goroutine must stay parked meanwhile, or may be mistaken for one that
 * waits for something else. */
#include "runtime/inspect/waiting.h"

#include "runtime/hook/hook.h"
#include "runtime/include/gorace.h"
#include "runtime/vocab/past.h"
#include "runtime/vocab/wait.h"

enum { ROOM_FOR_CASE = 256, FRAMES = 64 };

/* Places in stacks that are return addresses come before the call's end. */
static uint64_t place(uintptr_t pc) { return pc ? pc - 1 : 0; }

static void put_case(gr__record_buffer *b, const gr_case *c, int index, unsigned reach) {
    gr__channel_view view = {0};
    if (c->chan) gr__channel_look(c->chan, &view);
    uint64_t made = place(view.made_pc);
    gr__rec_select_case r = {.index = (uint64_t)index, .send = c->dir == GR_SEND,
        .channel = (uintptr_t)c->chan,
        .channel_state = !c->chan ? GR__CHANNEL_NIL : view.closed ? GR__CHANNEL_CLOSED
                                                                  : GR__CHANNEL_OPEN,
        .length = view.length, .capacity = view.capacity, .made_at = {&made, made ? 1 : 0},
        .origin = view.origin, .reach = reach};
    gr__put_select_case(b, &r);
}

static bool is_channel(unsigned wait) {
    return wait == GR__WAIT_CHAN_RECEIVE || wait == GR__WAIT_CHAN_SEND;
}

bool gr__waiting_halted;

static void put_past(gr__record_buffer *b, unsigned kind, const gr__deed *deed, uint64_t count,
                     void (*make_room)(void)) {
    uint64_t pcs[FRAMES];
    size_t n = gr__hook_deed_stack(deed, pcs, FRAMES);
    gr__rec_past r = {.kind = kind, .number = deed->goid, .count = count,
        .stack = {pcs, (uint32_t)(n < FRAMES ? n : FRAMES)}};
    if (b->capacity - b->length < sizeof pcs + 128) make_room();
    gr__put_past(b, &r);
}

static void put_holder(gr__record_buffer *b, const void *lock, void (*make_room)(void)) {
    gr__deed deed;
    bool ended = false;
    if (gr__waiting_halted || !gr__hook_holder(lock, &deed, &ended)) return;
    put_past(b, ended ? GR__PAST_LEFT : GR__PAST_HELD, &deed, 0, make_room);
}

static bool is_lock(unsigned wait) {
    return wait == GR__WAIT_MUTEX_LOCK || wait == GR__WAIT_RWMUTEX_RLOCK || wait == GR__WAIT_RWMUTEX_LOCK;
}

/* Who waits for a condition may have missed what it waits for. */
static void put_lost_signals(gr__record_buffer *b, const gr_cond *condition, void (*make_room)(void)) {
    gr__deed deed = {.pc = 0};
    uint64_t lost = __atomic_load_n(&condition->gr__lost, __ATOMIC_RELAXED);
    if (!lost) return;
    if (!gr__waiting_halted) gr__hook_deed_of(condition, GR__PAST_SIGNALLED, &deed);
    put_past(b, GR__PAST_SIGNALLED, &deed, lost, make_room);
}

void gr__put_waiting(gr__record_buffer *b, const gr__g_head *h, void (*make_room)(void)) {
    gr__put_waiting_reached(b, h, NULL, NULL, make_room);
}

void gr__put_waiting_reached(gr__record_buffer *b, const gr__g_head *h,
                             unsigned (*reached)(const void *object, void *argument), void *argument,
                             void (*make_room)(void)) {
    if (h->wait == GR__WAIT_SELECT || h->wait == GR__WAIT_SELECT_NIL) {
        for (int i = 0; i < h->case_count; i++) {
            if (b->capacity - b->length < ROOM_FOR_CASE) make_room();
            const void *channel = h->cases[i].chan;
            put_case(b, &h->cases[i], i, channel && reached ? reached(channel, argument) : 0);
        }
        return;
    }
    if (!h->wait_object) return;
    gr__channel_view view = {0};
    if (is_channel(h->wait)) gr__channel_look(h->wait_object, &view);
    uint64_t made = place(view.made_pc);
    gr__rec_wait_object r = {.object = (uintptr_t)h->wait_object, .kind = h->wait,
        .state = view.closed ? GR__CHANNEL_CLOSED : GR__CHANNEL_OPEN, .length = view.length,
        .capacity = view.capacity, .made_at = {&made, made ? 1 : 0},
        .origin = view.origin, .reach = reached ? reached(h->wait_object, argument) : 0};
    gr__put_wait_object(b, &r);
    if (is_lock(h->wait)) put_holder(b, h->wait_object, make_room);
    if (h->wait == GR__WAIT_COND_WAIT) put_lost_signals(b, h->wait_object, make_room);
}
