// want: misuse copied gr_mutex 'copy.lock' main()
/* The same with a mutex of goroutines. */
#include <gorace.h>

typedef struct box { gr_mutex lock; int value; } box;
box original, copy;

int main(void) {
    gr_mutex_lock(&original.lock);
    copy = original;
    gr_mutex_unlock(&copy.lock);
    gr_mutex_unlock(&original.lock);
}
