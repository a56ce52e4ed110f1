// want: none
/* Two threads hand over to each other all the time: of two that wait, one was just woken. */
#include <pthread.h>
#include <semaphore.h>

enum { TURNS = 20000 };
static sem_t sems[2];
static pthread_mutex_t lock = PTHREAD_MUTEX_INITIALIZER;
static pthread_cond_t cond = PTHREAD_COND_INITIALIZER;
static int turn;

static void *by_sem(void *which) {
    int i = *(int *)which;
    for (int n = 0; n < TURNS; n++) {
        sem_wait(&sems[i]);
        sem_post(&sems[!i]);
    }
    return NULL;
}
static void *by_cond(void *which) {
    int i = *(int *)which;
    pthread_mutex_lock(&lock);
    for (int n = 0; n < TURNS; n++) {
        while (turn != i) pthread_cond_wait(&cond, &lock);
        turn = !i;
        pthread_cond_signal(&cond);
    }
    pthread_mutex_unlock(&lock);
    return NULL;
}

int main(void) {
    static int which[] = {0, 1};
    void *(*const ways[])(void *) = {by_sem, by_cond};
    sem_init(&sems[0], 0, 1);
    sem_init(&sems[1], 0, 0);
    for (int way = 0; way < 2; way++) {
        pthread_t threads[2];
        for (int i = 0; i < 2; i++) pthread_create(&threads[i], NULL, ways[way], &which[i]);
        for (int i = 0; i < 2; i++) pthread_join(threads[i], NULL);
    }
    return 0;
}
