/* emit.c - a random program as C, on standard output: a function pSsI for step I of program S, one pSaJ for
 * actor J, and pS for all of it. Steps wait for their turn unseen (turnstile.h), so that the run is the one
 * that the oracle knows. No shared state. */
#include <inttypes.h>
#include <stdio.h>

#include "tests/model/model.h"

static const char *const orders[] = {"__ATOMIC_RELAXED", "__ATOMIC_CONSUME", "__ATOMIC_ACQUIRE",
                                     "__ATOMIC_RELEASE", "__ATOMIC_ACQ_REL", "__ATOMIC_SEQ_CST"};

static bool is_access(const op *o) { return o->verb <= CAS_FAILED; }
static bool in_block(const op *o) { return o->low >= LIVE_BLOCK; }

static void emit_plain(const op *o) {
    const char *name = o->verb == READ ? "READ" : "WRITE";
    bool power = o->size && o->size <= 16 && !(o->size & (o->size - 1));
    if (!power) printf("%s_RANGE(%u, %u)", name, o->size, o->low);
    else if (o->low % o->size) printf("%s_ANY(%u, %u)", name, o->size, o->low);
    else printf("%s(%u, %u)", name, o->size, o->low);
}

static void emit_atomic(const op *o) {
    switch (o->verb) {
    case LOAD: printf("LOAD(%u, %u, %s)", o->size, o->low, orders[o->order]); break;
    case STORE: printf("STORE(%u, %u, %s)", o->size, o->low, orders[o->order]); break;
    case RMW:
        printf("%s(%u, %u, %s)", op_read_modify_writes(o) ? "ADD" : "SWAP", o->size, o->low, orders[o->order]);
        break;
    default:
        printf("CAS_FAILED(%u, %u, %s, %s)", o->size, o->low, orders[o->order], orders[o->fail_order]);
        break;
    }
}

static bool is_joined(const program *p, const truth *t, unsigned actor) {
    for (unsigned i = 0; i < p->count; i++)
        if (t->does[i] && p->ops[i].verb == JOIN && p->ops[i].other == actor) return true;
    return false;
}

/* What the steps that are no accesses do; l is the program's. */
static void emit_call(const program *p, const truth *t, const op *o) {
    unsigned k = o->object % LOCKS;
    bool goroutines = p->flavour == GOROUTINES;
    const char *kind = goroutines ? "goroutine" : "thread";
    switch (o->verb) {
    case FENCE: printf("__atomic_thread_fence(%s);", orders[o->order]); break;
    case ACQUIRE: printf("gr_happens_after(m + %u);", o->object); break;
    case MERGE: printf("gr_happens_before(m + %u);", o->object); break;
    case MUTEX: printf("%s_mutex(l, %u);", kind, k); break;
    case SHARED: printf("%s_shared(l, %u);", kind, k); break;
    case EXCLUSIVE: printf("%s_exclusive(l, %u);", kind, k); break;
    case WAIT: printf("%s_wait(l, %u);", kind, k); break;
    case DONE: printf("%s_done(l, %u);", kind, k); break;
    case SEND: printf("int x = 1; gr_send(l->channels[%u], &x);", k); break;
    case RECV: printf("if (!gr_recv(l->channels[%u], NULL)) abort();", k); break;
    case CLOSE: printf("gr_close(l->channels[%u]);", k); break;
    case DRAINED: printf("if (gr_recv(l->channels[%u], NULL)) abort();", k); break;
    case MEET:
        if (goroutines) printf("int x = 1; gr_send(l->meeting, &x);");
        break;
    case FORK:
        if (goroutines) printf("gr_go(p%" PRIu64 "a%u, NULL);", p->seed, o->other);
        else printf("thread_start(%u, p%" PRIu64 "a%u, %d);", o->other, p->seed, o->other,
                    is_joined(p, t, o->other));
        break;
    case JOIN: printf("pthread_join((pthread_t)turn_kept(%u), NULL);", o->other); break;
    case ALLOC: printf("turn_keep(0, malloc(%u));", LIVE_SIZE); break;
    case FREE: printf("free(turn_kept(0));"); break;
    case RESET: printf("AnnotateNewMemory(\"\", 0, m + %u, %u);", o->low, o->size); break;
    case IGNORE: printf("gr_race_disable();"); break;
    case HEED: printf("gr_race_enable();"); break;
    default: break;
    }
}

static void emit_step(const program *p, const truth *t, unsigned i) {
    const op *o = &p->ops[i];
    if (o->verb == MEET && p->flavour == THREADS)
        printf("static pthread_barrier_t p%" PRIu64 "b%u;\n", p->seed, i);
    printf("STEP p%" PRIu64 "s%u(char *m, live *l) { (void)m, (void)l; ", p->seed, i);
    if (o->verb == READ || o->verb == WRITE) emit_plain(o);
    else if (is_access(o)) emit_atomic(o);
    else if (o->verb == MEET && p->flavour == THREADS)
        printf("pthread_barrier_wait(&p%" PRIu64 "b%u);", p->seed, i);
    else emit_call(p, t, o);
    puts(" }");
}

static void emit_turn(const program *p, unsigned i, unsigned next, unsigned actor) {
    const op *o = &p->ops[i];
    printf("    turn_await(%u); ", i);
    if (o->verb == MEET && actor == o->other && p->flavour == GOROUTINES)
        printf("gr_recv(l->meeting, NULL);");
    else if (is_access(o) && in_block(o))
        printf("p%" PRIu64 "s%u(BLOCK(%u), l);", p->seed, i, LIVE_BLOCK);
    else printf("p%" PRIu64 "s%u(m, l);", p->seed, i);
    if (o->verb == MEET && actor == o->actor) puts("");
    else printf(" turn_pass(%u);\n", next);
}

static unsigned next_step(const program *p, const truth *t, unsigned i) {
    do i++;
    while (i < p->count && !t->does[i]);
    return i;
}

static void emit_steps(const program *p, const truth *t, unsigned actor) {
    printf("    live *l = &p%" PRIu64 "live;\n    char *m = l->memory;\n    (void)m, (void)l;\n", p->seed);
    for (unsigned i = 0; i < p->count; i++) {
        const op *o = &p->ops[i];
        bool mine = o->actor == actor || (o->verb == MEET && o->other == actor);
        if (t->does[i] && mine) emit_turn(p, i, next_step(p, t, i), actor);
    }
}

void program_emit(const program *p) {
    static truth t;
    oracle_run(p, &t);
    bool goroutines = p->flavour == GOROUTINES, lives[ACTORS] = {0};
    const char *star = goroutines ? "" : "*";
    printf("static live p%" PRIu64 "live;\n", p->seed);
    for (unsigned i = 0; i < p->count; i++) lives[p->ops[i].other] |= t.does[i] && p->ops[i].verb == FORK;
    for (unsigned a = 1; a < ACTORS; a++)
        if (lives[a]) printf("static void %sp%" PRIu64 "a%u(void *);\n", star, p->seed, a);
    for (unsigned i = 0; i < p->count; i++)
        if (t.does[i]) emit_step(p, &t, i);
    for (unsigned a = 1; a < ACTORS; a++) {
        if (!lives[a]) continue;
        printf("static void %sp%" PRIu64 "a%u(void *unused) {\n    (void)unused;\n", star, p->seed, a);
        emit_steps(p, &t, a);
        puts(goroutines ? "}" : "    return NULL;\n}");
    }
    printf("void p%" PRIu64 "(void) {\n    live_begin(&p%" PRIu64 "live, %d);\n", p->seed, p->seed, goroutines);
    for (unsigned i = 0; i < p->count; i++)
        if (t.does[i] && p->ops[i].verb == MEET && !goroutines)
            printf("    pthread_barrier_init(&p%" PRIu64 "b%u, NULL, 2);\n", p->seed, i);
    printf("    turn_begin(%s);\n    turn_pass(%u);\n", goroutines ? "gr_gosched" : "turn_yield",
           t.does[0] ? 0 : next_step(p, &t, 0));
    emit_steps(p, &t, 0);
    printf("    turn_await(%u);\n}\n\n", p->count);
}
