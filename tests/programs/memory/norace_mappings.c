// want: none
// flags: -O1 -D_GNU_SOURCE
/* Memory that was given back to the kernel, in whatever way, has no past when it is there again; madvise
 * gives none back, and is no access. */
#include "../together.h"

#include <stdlib.h>
#include <sys/ipc.h>
#include <sys/mman.h>
#include <sys/shm.h>
#include <unistd.h>

enum { SIZE = 64 << 10 };
/* Where the kernel puts nothing by itself: nobody else must get it while it is free. */
static char *const area = (char *)0x200000000;
static int segment;
static atomic_int turn;

static void fill(char *p) {
    for (int i = 0; i < SIZE; i += 64) p[i] = 'x';
}
static char *map(char *at, int flags) {
    char *p = mmap(at, SIZE, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS | flags, -1, 0);
    if (p == MAP_FAILED) abort();
    return p;
}
static void use_all(void) {
    fill(map(area, MAP_FIXED));                             /* over what is there */
    munmap(area, SIZE);
    fill(map(area, MAP_FIXED_NOREPLACE));
    char *moved = mremap(area, SIZE, SIZE, MREMAP_MAYMOVE | MREMAP_FIXED, area + SIZE);
    fill(moved);
    munmap(moved, SIZE);
    char *shared = shmat(segment, area, 0);
    if (shared == (void *)-1) abort();
    for (int i = 0; i < SIZE; i += 64) shared[i] = 'x';
    shmdt(shared);
    char *top = sbrk(SIZE);
    if (top == (void *)-1) abort();
    fill(top);
    madvise(map(area, MAP_FIXED_NOREPLACE), SIZE, MADV_DONTNEED); /* it stays for the other's first */
    sbrk(-SIZE);
}
static void one(void) {
    for (int i = 0; i < 6; i += 2) {
        step_wait_in_thread(&turn, i);
        use_all();
        step_to(&turn, i + 1);
    }
}
static void two(void) {
    for (int i = 1; i < 6; i += 2) {
        step_wait_in_thread(&turn, i);
        use_all();
        step_to(&turn, i + 1);
    }
}

int main(void) {
    segment = shmget(IPC_PRIVATE, SIZE, 0600);
    if (segment < 0) return 1;
    map(area, MAP_FIXED_NOREPLACE);
    together_in_threads(one, two);
    return shmctl(segment, IPC_RMID, NULL);
}
