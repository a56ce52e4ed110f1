// want: race twice
/* A jump over frames leaves the calling context right: the report names who calls, no one jumped over. */
#include <pthread.h>
#include <setjmp.h>

int x;
static __thread jmp_buf back;

__attribute__((noinline)) static void deep(int n) {
    if (n == 0) longjmp(back, 1);
    deep(n - 1);
}
static void *twice(void *unused) {
    for (volatile int i = 0; i < 3; i++)
        if (!setjmp(back)) deep(50);
    x++;
    return unused;
}

int main(void) {
    pthread_t a, b;
    pthread_create(&a, NULL, twice, NULL);
    pthread_create(&b, NULL, twice, NULL);
    pthread_join(a, NULL);
    pthread_join(b, NULL);
    return 0;
}
