// want: fatal
// stderr: ^fatal error: gr_goexit on a thread that is not a goroutine$
// stderr: ^goroutine [2-9] \[running
/* A thread of the program's own has no goroutine to end. */
#include <gorace.h>
#include <pthread.h>

static void *thread(void *unused) {
    (void)unused;
    gr_goexit();
}

int main(void) {
    pthread_t t;
    pthread_create(&t, NULL, thread, NULL);
    pthread_join(t, NULL);
    return 0;
}
