/* flow.c - messages from sources through layers of goroutines to sinks. Nothing is lost, doubled or
 * torn, and what one sends over one channel arrives in its order.
 *
 * Between two layers lies a set of channels; a member of a layer reads from one of those before it, or
 * from all, and writes to any of those behind it. It holds a few messages, and waits with a select for
 * whatever goes on: a receive while it has room, a send while it has something. The last of a layer to
 * end closes the channels behind it. */
#include "stress.h"

#include <stdlib.h>
#include <string.h>

enum { LAYERS = 4, CHANNELS = 4, MEMBERS = 6, HELD = 4, FILL = 96 };

/* On a channel it is cut after `fill` bytes. */
typedef struct message {
    uint32_t sender, sequence;  /* who put it into this channel, and how many it had put before */
    uint64_t value;
    unsigned char fill[FILL];
} message;

typedef struct layer {
    gr_chan *out[CHANNELS];
    uint32_t channels, members;
    uint32_t working;           /* atomic: members that have not ended */
} layer;

typedef struct net {
    layer layers[LAYERS];
    uint32_t depth, fill;
    gr_mutex lock;
    uint64_t sent, sent_sum, arrived, arrived_sum;  /* lock */
    gr_waitgroup all;
} net;

static void seal(const net *n, message *m) {
    for (uint32_t i = 0; i < n->fill; i++) m->fill[i] = (unsigned char)(m->value * 31 + i);
}
static void check_seal(const net *n, const message *m) {
    for (uint32_t i = 0; i < n->fill; i++) CHECK(m->fill[i] == (unsigned char)(m->value * 31 + i));
}

static void member_ends(layer *l) {
    if (__atomic_sub_fetch(&l->working, 1, __ATOMIC_ACQ_REL)) return;
    for (uint32_t i = 0; i < l->channels; i++) gr_close(l->out[i]);
}

static void source(net *n, uint32_t me, uint64_t seed) {
    dice d = dice_of(seed, me);
    layer *l = &n->layers[0];
    uint32_t count = between(&d, 1, 40 * plenty);
    uint64_t sum = 0;
    for (uint32_t i = 0; i < count; i++) {
        message m = {.sender = me, .sequence = i, .value = below(&d, 1 << 30)};
        seal(n, &m);
        sum += m.value;
        gr_chan *to = l->out[below(&d, l->channels)];
        if (one_in(&d, 2) || !gr_try_send(to, &m)) gr_send(to, &m);
        dawdle(&d);
    }
    gr_mutex_lock(&n->lock);
    n->sent += count;
    n->sent_sum += sum;
    gr_mutex_unlock(&n->lock);
    member_ends(l);
    gr_waitgroup_done(&n->all);
}

/* A member of a layer behind the first; for a sink, out is empty. */
typedef struct member {
    net *net;
    dice d;
    uint32_t me, sequence;
    gr_chan *in[CHANNELS], *out[CHANNELS];  /* NULL: closed, or not ours */
    uint32_t ins, outs;
    uint32_t expected[CHANNELS][MEMBERS];   /* the next from there has at least this number */
    message held[HELD], fresh;
    uint32_t first, count, room;
    uint64_t arrived, sum;
} member;

static void received(member *m, uint32_t channel, bool ok) {
    if (!ok) {
        m->in[channel] = NULL;
        return;
    }
    message *got = &m->fresh;
    check_seal(m->net, got);
    CHECK(got->sender < MEMBERS && got->sequence >= m->expected[channel][got->sender]);
    m->expected[channel][got->sender] = got->sequence + 1;
    if (!m->outs) {
        m->arrived++;
        m->sum += got->value;
    } else {
        m->held[(m->first + m->count++) % HELD] = *got;
    }
}

static message *next_to_send(member *m) {
    message *out = &m->held[m->first];
    out->sender = m->me;
    out->sequence = m->sequence;
    return out;
}
static void sent(member *m) {
    m->first = (m->first + 1) % HELD;
    m->count--;
    m->sequence++;
}

/* One step without a select: a send or a receive that is sure to come to something in the end. */
static void plain_step(member *m, uint32_t channel) {
    if (m->count) {
        gr_send(m->out[below(&m->d, m->outs)], next_to_send(m));
        sent(m);
    } else if (one_in(&m->d, 3)) {
        gr_recv_status s = gr_try_recv(m->in[channel], &m->fresh);
        if (s != GR_EMPTY) received(m, channel, s == GR_RECEIVED);
    } else {
        received(m, channel, gr_recv(m->in[channel], &m->fresh));
    }
}

/* Cases: the ins, the outs (some twice), a nil channel, a time-out; in random order. */
static void select_step(member *m) {
    enum { MOST = 2 * CHANNELS + CHANNELS + 2 };
    gr_case cases[MOST];
    int origin[MOST], n = 0;    /* < CHANNELS: that input; CHANNELS: an output; above: nothing of ours */
    if (m->count < m->room)
        for (uint32_t i = 0; i < m->ins; i++) {
            origin[n] = (int)i;
            cases[n++] = gr_case_recv(m->in[i], &m->fresh);
        }
    if (m->count)
        for (uint32_t i = 0; i < m->outs; i++)
            for (uint32_t k = 0; k <= below(&m->d, 2); k++) {
                origin[n] = CHANNELS;
                cases[n++] = gr_case_send(m->out[i], next_to_send(m));
            }
    if (one_in(&m->d, 4)) {
        origin[n] = CHANNELS + 1;
        cases[n++] = gr_case_send(NULL, &m->fresh);
    }
    gr_chan *late = NULL;
    if (one_in(&m->d, 16)) {
        late = gr_after(between(&m->d, 0, 300) * GR_MICROSECOND);
        origin[n] = CHANNELS + 1;
        cases[n++] = gr_case_recv(late, NULL);
    }
    for (int i = n - 1; i > 0; i--) {
        int k = (int)below(&m->d, (uint32_t)i + 1), o = origin[i];
        gr_case c = cases[i];
        cases[i] = cases[k];
        origin[i] = origin[k];
        cases[k] = c;
        origin[k] = o;
    }
    int chosen = one_in(&m->d, 4) ? gr_select_default(cases, n) : gr_select(cases, n);
    CHECK(chosen >= -1 && chosen < n);
    if (chosen >= 0) {
        CHECK(cases[chosen].chan);
        if (origin[chosen] == CHANNELS) sent(m);
        else if (origin[chosen] < CHANNELS) received(m, (uint32_t)origin[chosen], cases[chosen].ok);
        else CHECK(cases[chosen].chan == late && cases[chosen].ok);
    }
    if (late) gr_chan_free(late);
}

static void work(net *n, uint32_t depth, uint32_t me, uint64_t seed) {
    layer *before = &n->layers[depth - 1], *mine = &n->layers[depth];
    member m = {.net = n, .d = dice_of(seed, 100 * depth + me), .me = me, .ins = before->channels};
    bool one = me < before->channels;       /* every channel has a reader */
    for (uint32_t i = 0; i < m.ins; i++) m.in[i] = !one || i == me ? before->out[i] : NULL;
    if (depth < n->depth) {
        m.outs = mine->channels;
        memcpy(m.out, mine->out, sizeof m.out);
    }
    m.room = between(&m.d, 1, HELD);
    bool plain = one && one_in(&m.d, 3);
    for (;;) {
        bool open = false;
        for (uint32_t i = 0; i < m.ins; i++) open = open || m.in[i];
        if (!open && !m.count) break;
        if (plain) plain_step(&m, me);
        else select_step(&m);
        dawdle(&m.d);
    }
    gr_mutex_lock(&n->lock);
    n->arrived += m.arrived;
    n->arrived_sum += m.sum;
    gr_mutex_unlock(&n->lock);
    if (m.outs) member_ends(mine);
    gr_waitgroup_done(&n->all);
}

void flow(uint64_t seed) {
    dice d = dice_of(seed, 1000);
    net *n = calloc(1, sizeof *n);
    CHECK(n);
    n->depth = between(&d, 1, LAYERS - 1);
    n->fill = one_in(&d, 2) ? 0 : between(&d, 1, FILL);
    for (uint32_t k = 0; k <= n->depth; k++) {
        layer *l = &n->layers[k];
        l->members = l->working = between(&d, k ? n->layers[k - 1].channels : 1, MEMBERS);
        l->channels = k == n->depth ? 0 : between(&d, 1, CHANNELS);
        for (uint32_t i = 0; i < l->channels; i++)
            l->out[i] = gr_chan_make(offsetof(message, fill) + n->fill, one_in(&d, 2) ? 0 : between(&d, 1, 9));
        gr_waitgroup_add(&n->all, (int)l->members);
    }
    for (uint32_t k = n->depth; k > 0; k--)
        for (uint32_t i = 0; i < n->layers[k].members; i++) go(work, n, k, i, seed);
    for (uint32_t i = 0; i < n->layers[0].members; i++) go(source, n, i, seed);
    gr_waitgroup_wait(&n->all);
    CHECK(n->sent == n->arrived && n->sent_sum == n->arrived_sum);
    for (uint32_t k = 0; k < n->depth; k++)
        for (uint32_t i = 0; i < n->layers[k].channels; i++) gr_chan_free(n->layers[k].out[i]);
    free(n);
}
