// want: none
// stdout: ^3 done$
/* The main thread ends before the others, one of which joins it. */
#include <pthread.h>
#include <stdio.h>
#include <stdlib.h>

int x;
static pthread_t first;

static void at_exit(void) { puts("done"); }
static void *last(void *unused) {
    pthread_join(first, NULL);
    x++;
    printf("%d ", x);
    return unused;
}

int main(void) {
    pthread_t thread;
    first = pthread_self();
    atexit(at_exit);
    pthread_create(&thread, NULL, last, NULL);
    x = 2;
    pthread_exit(NULL);
}
