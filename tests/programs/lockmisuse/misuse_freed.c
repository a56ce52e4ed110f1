// want: misuse freed pthread_mutex_t main
/* A block is freed with a mutex in it that is held. */
#include <pthread.h>
#include <stdlib.h>

typedef struct box { int value; pthread_mutex_t lock; } box;

int main(void) {
    box *b = malloc(sizeof *b);
    pthread_mutex_init(&b->lock, NULL);
    pthread_mutex_lock(&b->lock);
    b->value = 1;
    free(b);
}
