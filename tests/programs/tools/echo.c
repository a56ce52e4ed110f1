// want: none
// args: exit 0
/* A program that does what its first argument says: for tests of how `gorace run` passes things on. */
#include <pthread.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

static void *idle(void *unused) { return unused; }

int main(int count, char **words) {
    const char *verb = count > 1 ? words[1] : "";
    pthread_t thread;

    pthread_create(&thread, NULL, idle, NULL);
    pthread_join(thread, NULL);
    if (!strcmp(verb, "copy")) {
        char bytes[4096];
        for (ssize_t n; (n = read(0, bytes, sizeof bytes)) > 0;)
            if (write(1, bytes, (size_t)n) != n)
                return 1;
    } else if (!strcmp(verb, "exit")) {
        return atoi(words[2]);
    } else if (!strcmp(verb, "kill")) {
        raise(atoi(words[2]));
    } else if (!strcmp(verb, "words")) {
        for (int i = 2; i < count; i++)
            fwrite(words[i], 1, strlen(words[i]) + 1, stdout);
    } else if (!strcmp(verb, "wait")) {
        puts("waiting");
        fflush(stdout);
        for (;;)
            pause();
    }
    return 0;
}
