// want: misuse freed gr_mutex
/* The same with a mutex of goroutines. */
#include <gorace.h>
#include <stdlib.h>

int main(void) {
    gr_mutex *lock = calloc(1, sizeof *lock);
    gr_mutex_lock(lock);
    free(lock);
}
