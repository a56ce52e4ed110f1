/* ways.h - for test programs: many ways by which one thread hands over to another.
 *
 * A program names a table by WAYS, a file that is found from this folder, of lines
 *
 *     WAY(name, give, take)
 *
 * with what one thread does, and what another does to get it, statements both, in this order. `name_x` is
 * written before the one and read after the other; with RACING it is written after, so that every name must
 * be reported, else nothing may be.
 */
#include "../together.h"

#define WAY(name, give, take) int name##_x;
#include WAYS
#undef WAY

static atomic_int given, taken;

#ifdef RACING
#define HAND_OVER(x, give) { give; x = 1; }
#else
#define HAND_OVER(x, give) { x = 1; give; }
#endif

/* One way after the other: who gives the next has seen that the last was taken, in time alone. */
static void giver(void) {
    int step = 0;
#define WAY(name, give, take)                                                                     \
    HAND_OVER(name##_x, give)                                                                     \
    step_to(&given, ++step);                                                                      \
    step_wait_in_thread(&taken, step);
#include WAYS
#undef WAY
}
static void taker(void) {
    int step = 0;
#define WAY(name, give, take)                                                                     \
    { take; }                                                                                     \
    step_wait_in_thread(&given, ++step);                                                          \
    name##_x++;                                                                                   \
    step_to(&taken, step);
#include WAYS
#undef WAY
}
