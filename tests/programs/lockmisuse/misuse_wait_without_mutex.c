// want: misuse without 'lock' main()
/* A wait for a condition without its mutex. */
#include <pthread.h>
#include <time.h>

pthread_mutex_t lock = PTHREAD_MUTEX_INITIALIZER;
pthread_cond_t never = PTHREAD_COND_INITIALIZER;

int main(void) {
    struct timespec soon;
    clock_gettime(CLOCK_REALTIME, &soon);
    pthread_cond_timedwait(&never, &lock, &soon);
}
