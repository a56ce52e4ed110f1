// want: deadlock again
// stderr: \[pthread_once\] waits for pthread_once_t 'once' .*, which it holds itself:$
/* A once whose function calls the same once. */
#include <pthread.h>

pthread_once_t once = PTHREAD_ONCE_INIT;

static void again(void) { pthread_once(&once, again); }

int main(void) {
    pthread_once(&once, again);
    return 0;
}
