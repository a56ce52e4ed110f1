// want: race add
/* Threads of C11 race as any. */
#include <threads.h>

int count;
static int add(void *unused) {
    (void)unused;
    count++;
    return 0;
}

int main(void) {
    thrd_t a, b;
    thrd_create(&a, add, NULL);
    thrd_create(&b, add, NULL);
    thrd_join(a, NULL);
    thrd_join(b, NULL);
    return 0;
}
