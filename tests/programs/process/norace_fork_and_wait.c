// want: none
// stdout: ^child 7\nparent 8$
/* A child of a fork goes on by itself, and what it writes its parent does not see. */
#include <stdio.h>
#include <stdlib.h>
#include <sys/wait.h>
#include <unistd.h>

int value = 7;

int main(void) {
    pid_t child = fork();
    if (child == 0) {
        printf("child %d\n", value);
        value = 9;
        exit(0);
    }
    int status;
    if (waitpid(child, &status, 0) != child || status != 0) return 1;
    value++;
    printf("parent %d\n", value);
    return 0;
}
