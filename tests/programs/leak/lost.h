/* lost.h - goroutines that are left behind by others that have ended: nobody who goes on has ever seen what they wait
 * for. And numbers that are where pointers were, so that none is left on a stack by chance. */
#include <gorace.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define LOAD(x) __atomic_load_n(&(x), __ATOMIC_SEQ_CST)
#define STORE(x, v) __atomic_store_n(&(x), (v), __ATOMIC_SEQ_CST)
#define ADD(x, v) __atomic_fetch_add(&(x), (v), __ATOMIC_SEQ_CST)

static gr_waitgroup begun, left;

__attribute__((noinline, unused)) static void overwrite(void) {
    volatile char room[4096];
    for (size_t i = 0; i < sizeof room; i++) room[i] = 1;
}

static void run_and_leave(void (*body)(void)) {
    body();
    overwrite();
    gr_waitgroup_done(&left);
}

/* Let a goroutine of its own do body, and wait until it has ended and `waiting` others have begun. They are about to
 * wait then, and do so soon. */
__attribute__((noinline, unused)) static void leave_behind(void (*body)(void), int waiting) {
    gr_waitgroup_add(&begun, waiting);
    gr_waitgroup_add(&left, 1);
    go(run_and_leave, body);
    gr_waitgroup_wait(&left);
    gr_waitgroup_wait(&begun);
    overwrite();
    gr_sleep(20 * GR_MILLISECOND);
}

/* Search until so many are found: they may not wait yet, or a moment may be a bad one. */
__attribute__((unused)) static int search(int wanted) {
    int found = 0;
    for (int i = 0; i < 200; i++) {
        found = gr_check_leaks();
        if (found >= wanted) break;
        gr_sleep(5 * GR_MILLISECOND);
    }
    printf("%d\n", found);
    return found;
}
