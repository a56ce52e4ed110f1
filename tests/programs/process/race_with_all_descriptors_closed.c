// want: race writer
/* A program closes every descriptor that it does not know; its races are told all the same. */
#include <pthread.h>
#include <unistd.h>

int x;

static void *writer(void *unused) {
    x++;
    return unused;
}

int main(void) {
    pthread_t a, b;
    for (int fd = 3; fd < 2000; fd++) close(fd);
    pthread_create(&a, NULL, writer, NULL);
    pthread_create(&b, NULL, writer, NULL);
    pthread_join(a, NULL);
    pthread_join(b, NULL);
    return 0;
}
