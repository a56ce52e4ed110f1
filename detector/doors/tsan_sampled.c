/* tsan_sampled.c - what is called at loads and stores instead of the doors of tsan_access.c while a sample is
 * taken. Any thread. Names stay inside: sample_text.c writes the calls. */
#include "detector/doors/sample.h"

/* What the fast path does not know comes here, with the door's frame for a place. */
static void look_further(gr__actor *self, uintptr_t address, size_t size, unsigned flags, uintptr_t frame);
#define gr__access look_further
#include "detector/engine/access.h"
#undef gr__access

gr__sample_counter gr__sample_counters[GR__SAMPLE_SHARDS];

static inline void count(uint64_t *counter) {
    __atomic_store_n(counter, __atomic_load_n(counter, __ATOMIC_RELAXED) + 1, __ATOMIC_RELAXED);
}

void gr__sampled_count(void) { count(&gr__sample_counter_here()->counted); }

static __attribute__((noinline)) void waste(void) { count(&gr__sample_counter_here()->unused); }
void gr__sampled_count_slowly(void) {
    waste();
    count(&gr__sample_counter_here()->counted_slowly);
}

static __attribute__((noinline)) void look_further(gr__actor *self, uintptr_t address, size_t size,
                                                   unsigned flags, uintptr_t frame) {
    const uintptr_t *f = (const uintptr_t *)frame;
    gr__loc base = self->context;
    if (!self->stamp) return;
    self->context = gr__sample_context(self, f);
    gr__access(self, address, size, flags, f[1] - 1);
    self->context = base;
}

#define ACCESS(name, size, flags)                                                                 \
    void name(void *);                                                                            \
    static void sampled_##name(void *address) {                                                   \
        count(&gr__sample_counter_here()->seen);                                                  \
        gr__access_fast(gr__me, (uintptr_t)address, size, flags, (uintptr_t)__builtin_frame_address(0)); \
    }
#include "detector/doors/access.def"
#undef ACCESS

void __tsan_vptr_update(void **, void *);
static void sampled_vptr_update(void **pointer, void *value) {
    count(&gr__sample_counter_here()->seen);
    if (*pointer != value)
        gr__access_fast(gr__me, (uintptr_t)pointer, 8, GR__ACCESS_WRITE | GR__ACCESS_VPTR,
                        (uintptr_t)__builtin_frame_address(0));
}
void __tsan_vptr_read(void **);
static void sampled_vptr_read(void **pointer) {
    count(&gr__sample_counter_here()->seen);
    gr__access_fast(gr__me, (uintptr_t)pointer, 8, GR__ACCESS_VPTR, (uintptr_t)__builtin_frame_address(0));
}
void __tsan_func_entry(void *);
void __tsan_func_exit(void);

const gr__sampled_door gr__sampled_doors[] = {
#define ACCESS(name, size, flags) {(uintptr_t)name, (uintptr_t)sampled_##name},
#include "detector/doors/access.def"
#undef ACCESS
    {(uintptr_t)__tsan_vptr_update, (uintptr_t)sampled_vptr_update},
    {(uintptr_t)__tsan_vptr_read, (uintptr_t)sampled_vptr_read},
    {(uintptr_t)__tsan_func_entry, 0},
    {(uintptr_t)__tsan_func_exit, 0},
};
const unsigned gr__sampled_door_count = sizeof gr__sampled_doors / sizeof gr__sampled_doors[0];
