/* sample.h - sampling: accesses are looked at during some stretches of time only. Doors only.
 *
 * sample.c       when: the mode, a thread that changes it, the share of accesses that was seen
 * sample_text.c  how: the program's text without the compiler's calls, and with others in their place
 * sample_stack.c the calling context in such a text, where nothing is called at entry and exit
 * tsan_sampled.c what is called instead
 *
 * What synchronises, and what gives memory away, is never left out: so what is missed is races, and none
 * is made up.
 */
#ifndef GR_DETECTOR_DOORS_SAMPLE_H
#define GR_DETECTOR_DOORS_SAMPLE_H

#include "detector/doors/doors.h"

/* Before the program begins, on its only thread; and in the child of a fork. */
void gr__sample_init(void);
void gr__sample_forked(bool watched);

/* Of the accesses until now, how many were seen, and how many there may have been: seen * 1000000 / all is the
 * share. False: nothing was left out. */
bool gr__sample_share(uint64_t *seen, uint64_t *all);

/* --- sample_text.c --- */
/* Copies of the text, one for each mode but OFF, made once. NULL, or why there are none. */
const char *gr__sample_text_make(void);
/* From now on every thread runs the copy for that mode. */
bool gr__sample_text_use(enum gr__sampling mode);
/* The executable's code. */
extern uintptr_t gr__sample_text_low, gr__sample_text_high; /* constant after it */

/* --- sample_stack.c --- */
/* The context of the access that a door with this frame is told of: the return addresses of the functions
 * that called the one that made it. frame[0] is that one's frame, frame[1] where the door returns to. */
gr__loc gr__sample_context(const gr__actor *self, const uintptr_t *frame);

/* --- tsan_sampled.c --- */
typedef struct gr__sampled_door { uintptr_t door, looks; } gr__sampled_door; /* looks: 0: nothing is called */
extern const gr__sampled_door gr__sampled_doors[];
extern const unsigned gr__sampled_door_count;
/* Called in place of doors while accesses are only counted. The second takes twice the time of the first. */
void gr__sampled_count(void);
void gr__sampled_count_slowly(void);

/* By shard; a lost count now and then is no harm. */
enum { GR__SAMPLE_SHARDS = 16 /* 4 bits of a hash */ };
typedef struct gr__sample_counter { _Alignas(64) uint64_t seen, counted, counted_slowly, unused; } gr__sample_counter;
extern gr__sample_counter gr__sample_counters[GR__SAMPLE_SHARDS];
static inline gr__sample_counter *gr__sample_counter_here(void) {
    return &gr__sample_counters[((uintptr_t)__builtin_thread_pointer() >> 6) * 0x9e3779b97f4a7c15ull >> 60];
}

#endif
