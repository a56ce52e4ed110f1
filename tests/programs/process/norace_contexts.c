// want: none
// stdout: ^36 45 1 2 3 4 5 linked 7\n3000$
/* Contexts of getcontext and its kin: arguments in registers and on the stack, what is linked, those that
 * are made thousands of times, and those that go on on another thread. */
#include <pthread.h>
#include <stdio.h>
#include <stdlib.h>
#include <ucontext.h>

enum { STACK = 64 * 1024 };
static ucontext_t home, worker, second;
static char stacks[2][STACK];
static int rounds, moved;

static void many(int a, int b, int c, int d, int e, int f, int g, int h) {
    printf("%d ", a + b + c + d + e + f + g + h);
    printf("%d ", a * 2 + h * 4 + c * 3 + b);
}
static void yields(void) {
    for (int i = 1; i <= 5; i++) {
        printf("%d ", i);
        swapcontext(&worker, &home);
    }
}
static void then(void) { printf("linked "); }
static void short_one(int by) { rounds += by; }
static void moves(void) {
    for (;;) {
        moved++;
        swapcontext(&worker, &home);
    }
}
static void make(ucontext_t *c, int which, ucontext_t *link) {
    getcontext(c);
    c->uc_stack.ss_sp = stacks[which];
    c->uc_stack.ss_size = STACK;
    c->uc_link = link;
}
static void *elsewhere(void *unused) {
    swapcontext(&home, &worker);
    return unused;
}

int main(void) {
    volatile int times = 0;
    make(&worker, 0, &home);
    makecontext(&worker, (void (*)(void))many, 8, 1, 2, 3, 4, 5, 6, 7, 8);
    swapcontext(&home, &worker);
    make(&second, 1, &home);
    makecontext(&second, then, 0);
    make(&worker, 0, &second);
    makecontext(&worker, yields, 0);
    for (int i = 0; i < 6; i++) swapcontext(&home, &worker);
    getcontext(&home);
    if (++times < 7) setcontext(&home);
    printf("%d\n", times);
    for (int i = 0; i < 3000; i++) {
        make(&worker, 0, &home);
        makecontext(&worker, (void (*)(void))short_one, 1, 1);
        swapcontext(&home, &worker);
    }
    make(&worker, 0, NULL);
    makecontext(&worker, moves, 0);
    for (int i = 0; i < 10; i++) {
        pthread_t thread;
        swapcontext(&home, &worker);
        pthread_create(&thread, NULL, elsewhere, NULL);
        pthread_join(thread, NULL);
    }
    printf("%d\n", rounds);
    return moved != 20;
}
