// want: panic
// stderr: ^panic: semaphore: released more than held$
// stderr: ^goroutine 1 \[running\]:
/* A semaphore takes back what it has given, not more. */
#include <gorace.h>

int main(void) {
    gr_sem slots;
    gr_sem_init(&slots, 3);
    gr_sem_acquire(&slots, 2);
    gr_sem_release(&slots, 3);
    return 0;
}
