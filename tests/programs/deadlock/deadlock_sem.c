// want: deadlock
// stderr: ^fatal error: all goroutines are asleep - deadlock!$
// stderr: ^goroutine 1 \[semacquire\]:$
/* All goroutines are asleep; main waits: semacquire. */
#include <gorace.h>

int main(void) {
    gr_sem sem;
    gr_sem_init(&sem, 1);
    gr_sem_acquire(&sem, 1);
    gr_sem_acquire(&sem, 1);
    return 0;
}
