// want: race
// stderr: ^Location is mapped memory of 65536 bytes, mapped by main thread \(byte 4096\):\n  map_some\(\)\n      \S*race_mapped\.c:10
/* Memory that the program mapped; a part of it is not there any more. */
#include "../together.h"
#include <sys/mman.h>

static char *memory;

static char *map_some(void) {
    return mmap(NULL, 1 << 17, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
}
static void change(void) { memory[4096] = 1; }

int main(void) {
    memory = map_some();
    munmap(memory + (1 << 16), 1 << 16);
    together_in_threads(change, change);
    return 0;
}
