// want: misuse copied 'copy.lock' main()
/* A structure is copied while the mutex in it is held, and the copy unlocked. */
#include <pthread.h>

typedef struct box { pthread_mutex_t lock; int value; } box;
box original = {PTHREAD_MUTEX_INITIALIZER, 1}, copy;

int main(void) {
    pthread_mutex_lock(&original.lock);
    copy = original;
    pthread_mutex_unlock(&copy.lock);
    pthread_mutex_unlock(&original.lock);
}
