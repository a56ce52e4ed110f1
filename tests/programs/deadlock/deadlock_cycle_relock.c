// want: deadlock again
// stderr: ^Thread T1 \[pthread_mutex_lock\] waits for pthread_mutex_t 'lock' .*, which it holds itself:$
// stdout: ^main goes on$
/* A thread takes a lock that it has. */
#include "queued.h"
#include <stdio.h>

pthread_mutex_t lock = PTHREAD_MUTEX_INITIALIZER;

static void *again(void *unused) {
    pthread_mutex_lock(&lock);
    pthread_mutex_lock(&lock);
    return unused;
}

int main(void) {
    pthread_t thread;
    pthread_create(&thread, NULL, again, NULL);
    wait_until_contended(&lock);
    puts("main goes on");
    return 0;
}
