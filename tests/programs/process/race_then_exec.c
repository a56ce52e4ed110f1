// want: race writer
// stdout: ^another program$
/* What was found is told, and counts, when the program becomes another one. */
#include <pthread.h>
#include <unistd.h>

int x;

static void *writer(void *unused) {
    x++;
    return unused;
}

int main(void) {
    pthread_t thread;
    pthread_create(&thread, NULL, writer, NULL);
    writer(NULL);
    pthread_join(thread, NULL);
    execlp("echo", "echo", "another program", (char *)NULL);
    return 1;
}
