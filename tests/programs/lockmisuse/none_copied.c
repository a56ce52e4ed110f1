// want: none
/* A structure is copied while the mutex in it is not held: the copy is a new mutex. */
#include <pthread.h>

typedef struct box { pthread_mutex_t lock; int value; } box;
box original = {PTHREAD_MUTEX_INITIALIZER, 1}, copy;

int main(void) {
    copy = original;
    pthread_mutex_lock(&original.lock);
    pthread_mutex_lock(&copy.lock);
    pthread_mutex_unlock(&copy.lock);
    pthread_mutex_unlock(&original.lock);
}
