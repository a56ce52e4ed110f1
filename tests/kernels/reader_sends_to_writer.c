// class: mixed deadlock: channel & lock
// want: GR2001 apply_changes
/* A validator walks a table under the read lock and sends what is wrong; who repairs it takes the
 * write lock for each. Repaired: the validator collects, and sends afterwards. */
#include "kernel.h"

enum { ROWS = 4 };
static gr_rwmutex lock;
static int table[ROWS] = {1, -2, 3, -4};
static gr_chan *wrong;

static void validate(void) {
    int found[ROWS], count = 0;
    gr_rwmutex_rlock(&lock);
    for (int row = 0; row < ROWS; row++)
        if (table[row] < 0) {
#ifdef REPAIRED
            found[count++] = row;
#else
            gr_send(wrong, &row);
#endif
        }
    gr_rwmutex_runlock(&lock);
    for (int i = 0; i < count; i++)
        gr_send(wrong, &found[i]);
    gr_close(wrong);
}
static void apply_changes(void) {
    for (int row; gr_recv(wrong, &row);) {
        gr_rwmutex_lock(&lock);
        table[row] = 0;
        gr_rwmutex_unlock(&lock);
    }
}

int main(void) {
    wrong = gr_make(int, 0);
    together(validate, apply_changes);
    return 0;
}
