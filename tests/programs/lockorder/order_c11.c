// want: lock-order mtx_t 'a' 'b'
/* Mutexes of C11. */
#include "turns.h"

#include <threads.h>

mtx_t a, b;

#define mtx_t_lock mtx_lock
#define mtx_t_unlock mtx_unlock
static void first(void) { NEST(mtx_t, &a, &b); }
static void second(void) { NEST(mtx_t, &b, &a); }

int main(void) {
    mtx_init(&a, mtx_plain);
    mtx_init(&b, mtx_plain);
    threads_in_turn(first, second);
}
