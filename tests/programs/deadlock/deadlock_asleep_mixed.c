// want: deadlock
// stderr: ^fatal error: all goroutines are asleep - deadlock!$
// stderr: ^goroutine 1 \[chan receive\]:$
// stderr: ^goroutine \d+ \[pthread_cond_wait\]:$
// stderr: ^goroutine \d+ \[sync.Mutex.Lock\]:$
// stderr: ^thread T\d+ \[sem_wait\]:$
/* Goroutines wait for a channel, a lock and a condition of pthreads, and a thread for a semaphore. */
#include "../together.h"
#include <semaphore.h>

static pthread_mutex_t lock = PTHREAD_MUTEX_INITIALIZER;
static pthread_cond_t cond = PTHREAD_COND_INITIALIZER;
static gr_mutex taken;
static sem_t sem;

static void in_call(void) {
    pthread_mutex_lock(&lock);
    pthread_cond_wait(&cond, &lock);
    pthread_mutex_unlock(&lock);
}
static void parked(void) { gr_mutex_lock(&taken); }
static void *thread(void *unused) {
    sem_wait(&sem);
    return unused;
}

int main(void) {
    pthread_t id;
    sem_init(&sem, 0, 0);
    gr_mutex_lock(&taken);
    pthread_create(&id, NULL, thread, NULL);
    go(in_call);
    go(parked);
    gr_recv(gr_make(int, 0), NULL);
    return 0;
}
