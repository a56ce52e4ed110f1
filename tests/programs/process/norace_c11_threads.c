// want: none
// stdout: ^4000$
/* C11's threads, mutexes, conditions and call_once order as pthreads' do. */
#include <stdio.h>
#include <threads.h>

static mtx_t lock;
static cnd_t changed;
static once_flag flag = ONCE_FLAG_INIT;
int count, limit;

static void set_limit(void) { limit = 1000; }
static int add(void *unused) {
    (void)unused;
    call_once(&flag, set_limit);
    for (int i = 0; i < limit; i++) {
        mtx_lock(&lock);
        count++;
        mtx_unlock(&lock);
    }
    cnd_signal(&changed);
    return 3;
}

int main(void) {
    thrd_t threads[4];
    int result = 0, sum = 0;
    mtx_init(&lock, mtx_plain);
    cnd_init(&changed);
    for (int i = 0; i < 4; i++) thrd_create(&threads[i], add, NULL);
    mtx_lock(&lock);
    while (!count) cnd_wait(&changed, &lock);
    mtx_unlock(&lock);
    for (int i = 0; i < 4; i++) {
        thrd_join(threads[i], &result);
        sum += result;
    }
    printf("%d\n", count);
    return sum != 12;
}
