// want: none
// stdout: ^one\ntwo\nthree$
/* Programs that are started by vfork, system and popen run, and nobody waits for a child that is ours. */
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/wait.h>
#include <unistd.h>

int main(void) {
    char *arguments[] = {"echo", "one", NULL};
    pid_t child = vfork();
    if (child == 0) {
        execvp("echo", arguments);
        _exit(127);
    }
    int status;
    if (waitpid(child, &status, 0) != child || status) return 1;
    if (system("echo two") != 0) return 2;
    FILE *in = popen("echo three", "r");
    char line[16];
    if (!in || !fgets(line, sizeof line, in) || pclose(in) != 0) return 3;
    fputs(line, stdout);
    return wait(NULL) == -1 && errno == ECHILD ? 0 : 4;
}
