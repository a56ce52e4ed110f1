// want: deadlock worker
// stderr: ^  thread T1 waits for the end of main thread$
// stderr: ^  main thread waits for the end of thread T1$
/* A thread joins main, which joins the thread. Who joins itself is refused. */
#include "../together.h"
#include <errno.h>

static pthread_t main_thread;

static void *worker(void *unused) {
    if (pthread_join(pthread_self(), NULL) == EDEADLK) pthread_join(main_thread, NULL);
    return unused;
}

int main(void) {
    pthread_t thread;
    main_thread = pthread_self();
    pthread_create(&thread, NULL, worker, NULL);
    pthread_join(thread, NULL);
    return 0;
}
