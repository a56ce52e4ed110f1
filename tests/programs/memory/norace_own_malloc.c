// want: none
// stdout: ^800 blocks$
/* The program's own malloc is called before main, and locks a mutex then. */
#include <errno.h>
#include <pthread.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>

enum { BLOCK = 4096, BLOCKS = 512 };
static char arena[BLOCKS][BLOCK] __attribute__((aligned(64)));
static char large[16 << 20] __attribute__((aligned(64)));
static void *unused;
static int fresh;
static size_t taken;
static pthread_mutex_t lock = PTHREAD_MUTEX_INITIALIZER;

void *malloc(size_t size) {
    pthread_mutex_lock(&lock);
    void *block = unused;
    if (size > BLOCK) {
        block = large + taken;
        taken += (size + 63) & ~(size_t)63;
        if (taken > sizeof large) block = NULL;
    } else if (block) {
        unused = *(void **)block;
    } else if (fresh < BLOCKS) {
        block = arena[fresh++];
    }
    pthread_mutex_unlock(&lock);
    if (!block) errno = ENOMEM;
    return block;
}

void free(void *block) {
    if (!block || (uintptr_t)block - (uintptr_t)large < sizeof large) return;
    pthread_mutex_lock(&lock);
    *(void **)block = unused;
    unused = block;
    pthread_mutex_unlock(&lock);
}

void *calloc(size_t count, size_t size) {
    void *block = malloc(count * size);
    return block ? memset(block, 0, count * size) : NULL;
}

void *realloc(void *old, size_t size) {
    void *block = malloc(size);
    if (!old || !block) return block;
    size_t room = (uintptr_t)old - (uintptr_t)large < sizeof large ? large + sizeof large - (char *)old : BLOCK;
    memcpy(block, old, size < room ? size : room);
    free(old);
    return block;
}

static void *use(void *blocks) {
    for (int i = 0; i < 400; i++) {
        char *block = malloc(100);
        if (!block) break;
        memset(block, i, 100);
        free(block);
        ++*(int *)blocks;
    }
    return NULL;
}

int main(void) {
    pthread_t a, b;
    int first = 0, second = 0;
    pthread_create(&a, NULL, use, &first);
    pthread_create(&b, NULL, use, &second);
    pthread_join(a, NULL);
    pthread_join(b, NULL);
    printf("%d blocks\n", first + second);
    return 0;
}
