// want: none
// stdout: ^ok$
/* Threads with the smallest stack, and such as use most of theirs: the detector takes next to nothing of it. */
#include <limits.h>
#include <pthread.h>
#include <stdio.h>
#include <string.h>

static void *idle(void *argument) { return argument; }
static void *fill(void *argument) {
    char room[20 << 10];
    memset(room, 1, sizeof room);
    __asm__ volatile("" ::"r"(room) : "memory");
    return argument;
}

static int run(void *(*function)(void *), size_t size) {
    pthread_attr_t attributes;
    pthread_t thread;
    pthread_attr_init(&attributes);
    pthread_attr_setstacksize(&attributes, size);
    int failed = pthread_create(&thread, &attributes, function, NULL);
    if (!failed) pthread_join(thread, NULL);
    pthread_attr_destroy(&attributes);
    return failed;
}

int main(void) {
    if (run(idle, PTHREAD_STACK_MIN) || run(fill, 32 << 10)) return 1;
    puts("ok");
    return 0;
}
