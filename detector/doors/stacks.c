/* stacks.c - whose stack or thread-local storage an address is in. Threads claim their stacks here;
 * goroutines' are known to the runtime. One lock guards the list of claims; nothing is called with it
 * held. */
#include "detector/doors/doors.h"
#include "detector/doors/log.h"
#include "detector/doors/runtime_door.h"
#include "detector/doors/tell.h"
#include "detector/trace/trace.h"

#include <link.h>
#include <pthread.h>

/* What modules have in a thread from its start on lies within this distance of its thread pointer, and as
 * far from it in every thread. What is loaded later has a block of its own in each. */
#define STATIC_REACH ((uintptr_t)1 << 16)

typedef struct claim {
    struct claim *next;
    uintptr_t low, high, pointer; /* the stack, empty for threads of the runtime; the thread pointer */
    uint64_t actor;               /* 0: whichever goroutine runs */
} claim;

static uint32_t lock;
static claim *claims;      /* the latest first */
static pthread_key_t key;  /* constant: the claim of a thread of the runtime */
__thread bool gr__stack_met;

static uintptr_t thread_pointer(void) { return (uintptr_t)__builtin_thread_pointer(); }
static bool is_near(uintptr_t address, uintptr_t pointer) {
    return address + STATIC_REACH - pointer < 2 * STATIC_REACH;
}

/* --- thread-local storage, as the loader tells of this thread's --- */

typedef struct search {
    uintptr_t address;
    bool only_static, found;
    uintptr_t low, size, module;       /* of the module whose block holds it */
    uintptr_t static_low, static_high; /* of all static blocks */
} search;

static int visit(struct dl_phdr_info *info, size_t size, void *argument) {
    search *s = argument;
    uintptr_t block = (uintptr_t)info->dlpi_tls_data, module = UINTPTR_MAX, length = 0;
    (void)size;
    if (!block) return 0;
    for (int i = 0; i < info->dlpi_phnum; i++) {
        const ElfW(Phdr) *h = &info->dlpi_phdr[i];
        if (h->p_type == PT_TLS) length = h->p_memsz;
        if (h->p_type == PT_LOAD && info->dlpi_addr + h->p_vaddr < module) module = info->dlpi_addr + h->p_vaddr;
    }
    bool is_static = is_near(block, thread_pointer());
    if (is_static && block < s->static_low) s->static_low = block;
    if (is_static && block + length > s->static_high) s->static_high = block + length;
    if (s->address - block >= length || (s->only_static && !is_static)) return 0;
    s->found = true;
    s->low = block;
    s->size = length;
    s->module = module;
    return 0;
}

static search look(uintptr_t address, bool only_static) {
    search s = {.address = address, .only_static = only_static, .static_low = UINTPTR_MAX};
    dl_iterate_phdr(visit, &s);
    return s;
}

static void log_claim(const claim *c) {
    if (!gr__logging) return;
    if (c->high > c->low) gr__log_range(gr__me, GR__EVENT_STACK, 0, c->low, c->high - c->low, 0);
    search s = look(0, true);
    if (s.static_high > s.static_low)
        gr__log_range(gr__me, GR__EVENT_STACK, 1, s.static_low, s.static_high - s.static_low, 0);
}

/* --- claims --- */

static claim *add(uintptr_t low, uintptr_t high, uint64_t actor) {
    claim *c = gr__alloc(sizeof *c);
    if (!c) return NULL;
    *c = (claim){NULL, low, high, thread_pointer(), actor};
    log_claim(c);
    gr__door_lock(&lock);
    c->next = claims;
    claims = c;
    gr__door_unlock(&lock);
    return c;
}

static void leave(void *argument) {
    claim *c = argument, **at = &claims;
    gr__door_lock(&lock);
    while (*at && *at != c) at = &(*at)->next;
    if (*at) *at = c->next;
    gr__door_unlock(&lock);
    gr__free(c, sizeof *c);
}

void gr__stacks_init(void) { pthread_key_create(&key, leave); }

void gr__stack_claim(uintptr_t low, uintptr_t high, uint64_t actor) {
    gr__stack_met = true;
    add(low, high, actor);
}

void gr__stack_meet(void) {
    gr__stack_met = true;
    claim *c = add(0, 0, 0);
    gr__own++;
    if (c) pthread_setspecific(key, c);
    gr__own--;
}

void gr__stack_drop(uintptr_t low, uintptr_t high) {
    gr__memory_reset(low, high - low);
    claim *gone = NULL;
    gr__door_lock(&lock);
    for (claim **at = &claims; *at;) {
        claim *c = *at;
        if (c->low < low || c->high > high || !c->actor) {
            at = &c->next;
            continue;
        }
        *at = c->next;
        c->next = gone;
        gone = c;
    }
    gr__door_unlock(&lock);
    while (gone) {
        claim *next = gone->next;
        gr__free(gone, sizeof *gone);
        gone = next;
    }
}

void gr__stacks_each(void (*each)(uintptr_t low, uintptr_t high, void *argument), void *argument) {
    for (const claim *c = claims; c; c = c->next)
        if (c->high > c->low) each(c->low, c->high, argument);
}

/* The claim that address is in, else the latest one whose thread pointer it is near; without an address,
 * the one of this thread. False: none. */
static bool find_claim(uintptr_t address, claim *out) {
    const claim *found = NULL;
    gr__door_lock(&lock);
    for (const claim *c = claims; c; c = c->next) {
        bool within = address && address - c->low < c->high - c->low;
        bool by_pointer = address ? is_near(address, c->pointer) : c->pointer == thread_pointer();
        if (within || (by_pointer && !found)) found = c;
        if (within) break;
    }
    if (found) *out = *found;
    gr__door_unlock(&lock);
    return found != NULL;
}

bool gr__stack_bounds(uintptr_t address, uintptr_t *low, uintptr_t *high) {
    claim c;
    if (!find_claim(address, &c) || address - c.low >= c.high - c.low) return false;
    *low = c.low;
    *high = c.high;
    return true;
}

static bool tls_place(uintptr_t address, gr__finding_place *out) {
    claim c = {.pointer = thread_pointer()};
    search s = look(address, false);
    if (s.found) {
        find_claim(0, &c);
    } else {
        if (!find_claim(address, &c) || !is_near(address, c.pointer)) return false;
        s = look(address - c.pointer + thread_pointer(), true);
        if (!s.found) return false;
    }
    *out = (gr__finding_place){.actor = c.actor, .low = address - (s.address - s.low), .size = s.size,
                               .tls = true, .module = s.module, .offset = s.address - s.low};
    return true;
}

bool gr__stack_place(uintptr_t address, gr__finding_place *out) {
    claim c;
    if (tls_place(address, out)) return true;
    if (find_claim(address, &c) && address - c.low < c.high - c.low) {
        *out = (gr__finding_place){.actor = c.actor, .low = c.low, .size = c.high - c.low};
        return true;
    }
    *out = (gr__finding_place){.actor = 0};
    return gr__goroutine_stack_owner(address, &out->actor, &out->low, &out->size);
}

static bool is_goroutine(uint64_t actor) {
    const gr__actor *a = gr__actor_by_id(actor);
    return a && a->kind == GR__ACTOR_GOROUTINE;
}

/* Goroutines use errno and its like of the thread that they run on, one after the other. Blocks that are
 * far from the thread pointer are looked for only when there is time. */
bool gr__stack_in_turn(const gr__conflict_side *now, const gr__conflict_side *earlier, bool thorough) {
    if (thorough == is_near(now->address, thread_pointer())) return false;
    return is_goroutine(now->actor) && is_goroutine(earlier->actor) && look(now->address, false).found;
}
