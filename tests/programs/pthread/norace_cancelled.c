// want: none
/* Threads are cancelled in a semaphore, a sleep, a lock's section and a loop: what their clean-up does comes
 * before their join, and a mutex that it unlocks orders as always. */
#include "../together.h"

#include <semaphore.h>
#include <unistd.h>

int x, y;
static sem_t never;
static pthread_mutex_t lock = PTHREAD_MUTEX_INITIALIZER;
static atomic_int there;

static void clean_up(void *unlock) {
    x++;
    if (unlock) pthread_mutex_unlock(&lock);
}
static void *in_semaphore(void *unused) {
    pthread_cleanup_push(clean_up, NULL);
    step_to(&there, 1);
    sem_wait(&never);
    pthread_cleanup_pop(0);
    return unused;
}
static void *in_section(void *unused) {
    pthread_mutex_lock(&lock);
    y++;
    pthread_cleanup_push(clean_up, &lock);
    step_to(&there, 1);
    for (;;) pause();
    pthread_cleanup_pop(0);
    return unused;
}
static void *in_loop(void *unused) {
    pthread_cleanup_push(clean_up, NULL);
    step_to(&there, 1);
    for (;;) pthread_testcancel();
    pthread_cleanup_pop(0);
    return unused;
}

int main(void) {
    void *(*ways[])(void *) = {in_semaphore, in_section, in_loop, in_section};
    sem_init(&never, 0, 0);
    for (int i = 0; i < 4; i++) {
        pthread_t thread;
        step_to(&there, 0);
        pthread_create(&thread, NULL, ways[i], NULL);
        step_wait_in_thread(&there, 1);
        pthread_cancel(thread);
        pthread_mutex_lock(&lock);
        y++;
        pthread_mutex_unlock(&lock);
        pthread_join(thread, NULL);
        x++;
    }
    return x != 8 || y != 6;
}
