// want: none
/* All threads of this process wait, but another process posts the semaphore. */
#include <semaphore.h>
#include <sys/mman.h>
#include <sys/wait.h>
#include <unistd.h>

int main(void) {
    sem_t *sem = mmap(NULL, sizeof *sem, PROT_READ | PROT_WRITE, MAP_SHARED | MAP_ANONYMOUS, -1, 0);
    if (sem == MAP_FAILED || sem_init(sem, 1, 0)) return 1;
    pid_t child = fork();
    if (child == 0) {
        usleep(300000);
        sem_post(sem);
        _exit(0);
    }
    sem_wait(sem);
    return waitpid(child, NULL, 0) != child;
}
