// want: none
// status: 1
/* lets_go.c - a tool for tests: races, closes standard output and the descriptor that its argument
 * names, and lives until the end of its standard input. Reports go elsewhere. */
#include <pthread.h>
#include <stdlib.h>
#include <unistd.h>

static int races;

static void *run(void *unused) {
    races++;
    return unused;
}

int main(int argc, char **argv) {
    if (argc != 2) return 1;
    pthread_t a, b;
    pthread_create(&a, NULL, run, NULL);
    pthread_create(&b, NULL, run, NULL);
    pthread_join(a, NULL);
    pthread_join(b, NULL);
    close(STDOUT_FILENO);
    close(atoi(argv[1]));
    char c;
    while (read(STDIN_FILENO, &c, 1) == 1) {}
    return 0;
}
