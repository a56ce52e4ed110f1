// want: none
/* A block is freed when the mutex in it is held no more. */
#include <pthread.h>
#include <stdlib.h>

typedef struct box { int value; pthread_mutex_t lock; } box;

int main(void) {
    box *b = malloc(sizeof *b);
    pthread_mutex_init(&b->lock, NULL);
    pthread_mutex_lock(&b->lock);
    b->value = 1;
    pthread_mutex_unlock(&b->lock);
    free(b);
}
