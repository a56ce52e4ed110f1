// want: race
/* Joining one thread says nothing about another. */
#include <pthread.h>

int x;

static void *writer(void *unused) {
    x = 1;
    return unused;
}
static void *idle(void *unused) { return unused; }

int main(void) {
    pthread_t one, other;
    pthread_create(&one, NULL, writer, NULL);
    pthread_create(&other, NULL, idle, NULL);
    pthread_join(other, NULL);
    x = 2;
    return pthread_join(one, NULL);
}
