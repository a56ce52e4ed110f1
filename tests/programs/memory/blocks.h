/* blocks.h - each block is used by one thread and freed by another. With RACING nothing is between, and
 * every report says which function made the block; else one thread hands them to the other by a lock, and
 * the blocks that are made next lie where these did. */
#include "../together.h"

#include <malloc.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>
#include <wchar.h>

static FILE *lines;
static size_t room;
static void *out;

#define BLOCK(name, expression) __attribute__((noinline)) static void *name(void) { return expression; }
#include "blocks.def"
#undef BLOCK

#define BLOCK(name, expression) +1
enum { BLOCKS = 0
#include "blocks.def"
};
#undef BLOCK
static void *(*const makers[BLOCKS])(void) = {
#define BLOCK(name, expression) name,
#include "blocks.def"
#undef BLOCK
};

static char *blocks[BLOCKS];
static atomic_int used;
#ifndef RACING
static pthread_mutex_t lock = PTHREAD_MUTEX_INITIALIZER;
#endif

static void make_all(void) {
    for (int i = 0; i < BLOCKS; i++) blocks[i] = makers[i]();
}
static void user(void) {
#ifndef RACING
    pthread_mutex_lock(&lock);
    make_all();
#endif
    for (int i = 0; i < BLOCKS; i++) {
        blocks[i][0] = 'x';
        malloc_usable_size(blocks[i]);
    }
#ifndef RACING
    pthread_mutex_unlock(&lock);
#endif
    step_to(&used, 1);
}
static void owner(void) {
    step_wait_in_thread(&used, 1);
#ifndef RACING
    pthread_mutex_lock(&lock);
    pthread_mutex_unlock(&lock);
#endif
    int i = 0; /* each in a place of its own, or they would be told as one */
#define BLOCK(name, expression) free(blocks[i++]);
#include "blocks.def"
#undef BLOCK
}

int main(void) {
    static char text[] = "a line\nanother\nthird\n";
    mallopt(M_ARENA_MAX, 1);
    lines = fmemopen(text, sizeof text - 1, "r");
    if (!lines) return 1;
#ifdef RACING
    make_all();
    together_in_threads(user, owner);
#else
    for (int i = 0; i < 3; i++) {
        used = 0;
        rewind(lines);
        together_in_threads(user, owner);
    }
#endif
    return 0;
}
