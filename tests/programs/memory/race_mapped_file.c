// want: race
// stderr: ^Location is mapped memory of 4096 bytes from /\S+ \(deleted\), mapped by main thread \(byte 8\):$
/* A file that is mapped, and has no name any more. */
#include "../together.h"
#include <stdio.h>
#include <sys/mman.h>
#include <unistd.h>

static long *memory;

static void change(void) { memory[1] = 1; }

int main(void) {
    FILE *file = tmpfile();
    if (!file || ftruncate(fileno(file), 4096) != 0) return 1;
    memory = mmap(NULL, 4096, PROT_READ | PROT_WRITE, MAP_SHARED, fileno(file), 0);
    if (memory == MAP_FAILED) return 1;
    together_in_threads(change, change);
    return 0;
}
