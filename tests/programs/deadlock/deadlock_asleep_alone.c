// want: deadlock
// stderr: ^fatal error: all goroutines are asleep - deadlock!$
// stderr: ^main thread \[sem_wait\]:$
/* There is no other thread, and never was. */
#include <semaphore.h>

int main(void) {
    sem_t sem;
    sem_init(&sem, 0, 0);
    return sem_wait(&sem);
}
