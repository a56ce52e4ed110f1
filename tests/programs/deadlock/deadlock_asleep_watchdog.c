// want: deadlock
// stderr: ^fatal error: all goroutines are asleep - deadlock!$
/* An alarm without a handler can only end the program. */
#include <pthread.h>
#include <semaphore.h>
#include <unistd.h>

int main(void) {
    sem_t sem;
    sem_init(&sem, 0, 0);
    alarm(50);
    return sem_wait(&sem);
}
