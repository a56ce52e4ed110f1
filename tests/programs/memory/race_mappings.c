// want: race use_mapped use_shared use_top
// flags: -O1 -D_GNU_SOURCE
/* Mapped, shared and break's memory is memory as any. */
#include "../together.h"

#include <sys/ipc.h>
#include <sys/mman.h>
#include <sys/shm.h>
#include <unistd.h>

static char *mapped, *shared, *top;

__attribute__((noinline)) static void use_mapped(void) { mapped[0]++; }
__attribute__((noinline)) static void use_shared(void) { shared[0]++; }
__attribute__((noinline)) static void use_top(void) { top[0]++; }
static void user(void) {
    use_mapped();
    use_shared();
    use_top();
}

int main(void) {
    mapped = mmap(NULL, 4096, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
    int segment = shmget(IPC_PRIVATE, 4096, 0600);
    shared = shmat(segment, NULL, 0);
    shmctl(segment, IPC_RMID, NULL);
    top = sbrk(4096);
    if (mapped == MAP_FAILED || shared == (void *)-1 || top == (void *)-1) return 1;
    together_in_threads(user, user);
    return 0;
}
