/* lock_misuse.c - locks that are given, destroyed, freed or left as they must not be. Any thread.
 *
 * What the doors know of a lock may lack what they did not see, so nothing is said on that alone: the lock
 * itself, as glibc keeps it, must say the same. What returns an error to the program is its own business:
 * mutexes that check, recursive and robust ones. Locks of goroutines may be given by others, as in Go. */
#include "detector/doors/interpose.h"
#include "detector/doors/locks.h"
#include "runtime/include/gorace.h"
#include "runtime/os/os.h"
#include "runtime/vocab/finding.h"

enum { PLACES = 512 };

static uint64_t places[PLACES]; /* atomic: hashes of what was told; 0: free */

/* Once at each place; when there is no room it is taken for told. */
static bool first_time(unsigned finding, gr__loc at) {
    uintptr_t pcs[2] = {0, 0};
    gr__loc_stack(at, pcs, 2);
    uint64_t hash = ((pcs[0] * 31 + pcs[1]) * 31 + finding) * 0x9e3779b97f4a7c15ull | 1;
    for (unsigned i = 0; i < PLACES; i++) {
        uint64_t *place = &places[((hash >> 40) + i) % PLACES], none = 0;
        if (GR__LOAD_RELAXED(place) == hash) return false;
        if (GR__CAS(place, &none, hash)) return true;
        if (none == hash) return false;
    }
    return false;
}

static void tell(unsigned finding, enum gr__lock_kind kind, uintptr_t lock, const gr__lock_holder *holder, gr__loc at,
                 const char *note) {
    if (gr__forked || !first_time(finding, at)) return;
    gr__tell_lock_misuse(finding, kind, lock, holder, at, note);
}

/* --- what the lock itself says --- */

enum state { UNLOCKED, MINE, OTHERS, UNCLEAR };

static enum state state_of_mutex(const pthread_mutex_t *m) {
    enum { ADAPTIVE = 3, KINDS = 127, SHARED = 128, ELIDED = 256 };
    int kind = m->__data.__kind;
    if ((kind & (SHARED | ELIDED)) || ((kind & KINDS) != 0 && (kind & KINDS) != ADAPTIVE)) return UNCLEAR;
    if (!GR__LOAD(&m->__data.__lock)) return UNLOCKED;
    int owner = GR__LOAD(&m->__data.__owner);
    return owner == gr__os_tid() ? MINE : owner ? OTHERS : UNCLEAR;
}

static enum state state_of_rwlock(const pthread_rwlock_t *l) {
    enum { WRITTEN = 2, SHIFT = 3 };
    if (l->__data.__shared) return UNCLEAR;
    unsigned word = GR__LOAD(&l->__data.__readers);
    if (word & WRITTEN) {
        int writer = GR__LOAD(&l->__data.__cur_writer);
        return writer == gr__os_tid() ? MINE : writer ? OTHERS : UNCLEAR;
    }
    if (!(word >> SHIFT)) return UNLOCKED;
    /* Of all readers it must be known that self is none of them. */
    return word >> SHIFT == gr__lock_readers((uintptr_t)l) ? OTHERS : UNCLEAR;
}

static enum state state_of_spin(const pthread_spinlock_t *l) {
#if defined(__x86_64__)
    return GR__LOAD(l) == 1 ? UNLOCKED : OTHERS;
#else
    return GR__LOAD(l) == 0 ? UNLOCKED : OTHERS;
#endif
}

static enum state state_of(enum gr__lock_kind kind, const volatile void *lock) {
    const void *at = (const void *)(uintptr_t)lock;
    switch (kind) {
    case GR__LOCK_PTHREAD_MUTEX:
    case GR__LOCK_MTX: return state_of_mutex(at);
    case GR__LOCK_PTHREAD_RWLOCK: return state_of_rwlock(at);
    case GR__LOCK_PTHREAD_SPIN: return state_of_spin(at);
    /* Whose it is they do not say. */
    case GR__LOCK_MUTEX: return GR__LOAD(&((const gr_mutex *)at)->gr__state) & 1 ? MINE : UNCLEAR;
    case GR__LOCK_RWMUTEX: return GR__LOAD(&((const gr_rwmutex *)at)->gr__readers) ? MINE : UNCLEAR;
    default: return UNCLEAR;
    }
}

/* --- misuse --- */

static const char copied[] = "It has never been locked at this address, yet it says that it is: it is a copy of a lock "
                             "that was held. A copy is no lock: share the original by its address.";

static void stranger(enum gr__lock_kind kind, uintptr_t address, uintptr_t pc) {
    const void *lock = (const void *)address;
    gr__loc at = gr__here(pc);
    gr__lock_holder holder;
    switch (state_of(kind, lock)) {
    case UNLOCKED:
        tell(GR__FINDING_UNLOCK_UNLOCKED, kind, address, NULL, at,
             "It is not locked: what an unlock does to it then is undefined, and whoever locks it next may not have it "
             "alone.");
        break;
    case MINE:
        if (!gr__lock_known(address)) tell(GR__FINDING_LOCK_COPIED, kind, address, NULL, at, copied);
        break;
    case OTHERS:
        if (gr__lock_holders(address, &holder, 1))
            tell(GR__FINDING_UNLOCK_BY_OTHER, kind, address, &holder, at,
                 "Only who has locked it may unlock it; to wake somebody use a semaphore or a condition.");
        break;
    default: break;
    }
    gr__held_give_for_others(address);
}

static bool is_goroutines(unsigned kind) { return kind == GR__LOCK_MUTEX || kind == GR__LOCK_RWMUTEX; }

/* Of a goroutines' lock that nobody holds the runtime says so. */
void gr__lock_waits_without(enum gr__lock_kind kind, const volatile void *lock, uintptr_t pc) {
    gr__lock_holder holder;
    enum state state = state_of(kind, lock);
    bool others = (state == OTHERS || is_goroutines(kind)) && gr__lock_holders((uintptr_t)lock, &holder, 1) &&
                  holder.actor != gr__me->id;
    if (state == UNLOCKED || others)
        tell(GR__FINDING_WAIT_WITHOUT_MUTEX, kind, (uintptr_t)lock, others ? &holder : NULL, gr__here(pc),
             "The wait unlocks the mutex, so who waits must have locked it; or a signal between its test of the "
             "condition and the wait is lost.");
}

void gr__lock_refused(enum gr__lock_kind kind, const volatile void *lock, uintptr_t pc) {
    if (gr__me == &gr__nobody || gr__lock_known((uintptr_t)lock) || state_of(kind, lock) != MINE) return;
    tell(GR__FINDING_LOCK_COPIED, kind, (uintptr_t)lock, NULL, gr__here(pc), copied);
}

void gr__lock_destroyed(enum gr__lock_kind kind, const volatile void *lock, uintptr_t pc) {
    gr__lock_holder holder;
    if (gr__me == &gr__nobody || !gr__lock_holders((uintptr_t)lock, &holder, 1)) return;
    enum state state = state_of(kind, lock);
    if (state == MINE || state == OTHERS)
        tell(GR__FINDING_LOCK_DESTROYED, kind, (uintptr_t)lock, &holder, gr__here(pc),
             "Whoever holds it, or waits for it, goes on with what is no lock any more.");
}

static void freed(gr__actor *self, uintptr_t lock, const gr__lock_holder *holder, gr__loc at) {
    (void)self;
    const gr__actor *actor = gr__actor_by_id(holder->actor);
    if (is_goroutines(holder->kind) && (!actor || GR__LOAD(&actor->ended))) return; /* nobody cares */
    tell(GR__FINDING_LOCK_FREED, (enum gr__lock_kind)holder->kind, lock, holder, at,
         "Its unlock will write to memory that is somebody else's by then.");
}

/* Robust mutexes go on to the next; those of goroutines another may give. */
static bool left(const gr__hold *h) {
    enum { ROBUST = 16 };
    if (h->kind == GR__LOCK_PTHREAD_MUTEX || h->kind == GR__LOCK_MTX)
        return !(((const pthread_mutex_t *)h->lock)->__data.__kind & ROBUST);
    return h->kind == GR__LOCK_PTHREAD_RWLOCK || h->kind == GR__LOCK_PTHREAD_SPIN;
}

void gr__locks_end(gr__actor *self) {
    gr__hold holds[8];
    size_t count = self->held && self->kind != GR__ACTOR_FIBER ? gr__held_list(self, holds, 8) : 0;
    for (size_t i = 0; i < count && i < 8; i++) {
        if (!left(&holds[i])) continue;
        gr__lock_holder holder = {self->id, gr__hold_place(&holds[i]), holds[i].kind, holds[i].flags};
        gr__actor *me = gr__me;
        gr__me = self;
        tell(GR__FINDING_END_HOLDING, (enum gr__lock_kind)holds[i].kind, holds[i].lock, &holder, holder.at,
             "Nobody can unlock it any more: whoever wants it next waits for ever.");
        gr__me = me;
    }
    gr__held_end(self);
}

static const gr__locks_hooks hooks = {.order = gr__tell_lock_order, .stranger = stranger, .freed = freed};

void gr__doors_locks_init(void) { gr__locks_open(&hooks); }
