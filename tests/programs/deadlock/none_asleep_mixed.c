// want: none
/* Goroutines and a thread wait, and one goroutine sleeps and then lets them go, one after the other. */
#include "../together.h"
#include <semaphore.h>

static pthread_mutex_t lock = PTHREAD_MUTEX_INITIALIZER;
static pthread_cond_t cond = PTHREAD_COND_INITIALIZER;
static gr_chan *done;
static sem_t sem;
static int go_on;

static void in_call(void) {
    pthread_mutex_lock(&lock);
    while (!go_on) pthread_cond_wait(&cond, &lock);
    pthread_mutex_unlock(&lock);
    sem_post(&sem);
}
static void sleeper(void) {
    gr_sleep(300 * GR_MILLISECOND);
    pthread_mutex_lock(&lock);
    go_on = 1;
    pthread_cond_signal(&cond);
    pthread_mutex_unlock(&lock);
}
static void *thread(void *unused) {
    sem_wait(&sem);
    gr_send_value(done, int, 1);
    return unused;
}

int main(void) {
    pthread_t id;
    done = gr_make(int, 0);
    sem_init(&sem, 0, 0);
    pthread_create(&id, NULL, thread, NULL);
    go(in_call);
    go(sleeper);
    gr_recv(done, NULL);
    return pthread_join(id, NULL);
}
