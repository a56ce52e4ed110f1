// want: none
/* The child of a fork of one thread goes on being checked, its handlers among it. */
#include <pthread.h>
#include <semaphore.h>
#include <signal.h>
#include <stdatomic.h>
#include <sys/wait.h>
#include <unistd.h>

int x;
static sem_t handled;
static atomic_int there;

static void on_signal(int number) {
    x += number != 0;
    sem_post(&handled);
}
static void *receiver(void *unused) {
    x = 1;
    atomic_store_explicit(&there, 1, memory_order_relaxed);
    while (atomic_load_explicit(&there, memory_order_relaxed) == 1) usleep(100);
    return unused;
}
static int in_child(void) {
    pthread_t thread;
    sem_init(&handled, 0, 0);
    signal(SIGUSR1, on_signal);
    pthread_create(&thread, NULL, receiver, NULL);
    while (!atomic_load_explicit(&there, memory_order_relaxed)) usleep(100);
    pthread_kill(thread, SIGUSR1);
    sem_wait(&handled);
    x++;
    atomic_store_explicit(&there, 2, memory_order_relaxed);
    pthread_join(thread, NULL);
    return x != 3;
}

int main(void) {
    int status = -1;
    pid_t child = fork();
    if (child == 0) _exit(in_child());
    waitpid(child, &status, 0);
    return !WIFEXITED(status) || WEXITSTATUS(status);
}
