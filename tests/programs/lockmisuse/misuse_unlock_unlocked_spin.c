// want: misuse nobody 'lock' main()
/* A spin lock is unlocked though nobody has it. */
#include <pthread.h>

pthread_spinlock_t lock;

int main(void) {
    pthread_spin_init(&lock, 0);
    pthread_spin_unlock(&lock);
}
