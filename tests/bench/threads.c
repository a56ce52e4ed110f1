/* threads.c - ordinary C for the detector's cost: `threads NAME`. Built natively, by `gorace cc` and with
 * the compilers' own ThreadSanitizer. No library but pthreads. */
#include <pthread.h>
#include <stdatomic.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum { THREADS = 4 };

static unsigned long sink;
static unsigned random_state = 1;
static unsigned next_random(void) { return random_state = random_state * 1664525u + 1013904223u; }

static void in_threads(void *(*run)(void *)) {
    pthread_t threads[THREADS];
    for (long i = 0; i < THREADS; i++) pthread_create(&threads[i], NULL, run, (void *)i);
    for (int i = 0; i < THREADS; i++) pthread_join(threads[i], NULL);
}

static double a[200][200], b[200][200], c[200][200];
static void matrix(void) {
    for (int i = 0; i < 200; i++)
        for (int k = 0; k < 200; k++) a[i][k] = i + k, b[i][k] = i - k;
    for (int i = 0; i < 200; i++)
        for (int j = 0; j < 200; j++)
            for (int k = 0; k < 200; k++) c[i][j] += a[i][k] * b[k][j];
    sink += (unsigned long)c[7][9];
}

static unsigned char text[1 << 20];
static void bytes(void) {
    unsigned long hash = 5381;
    for (int round = 0; round < 12; round++)
        for (size_t i = 0; i < sizeof text; i++) {
            hash = hash * 33 ^ text[i];
            if (text[i] != (unsigned char)hash) text[i] = (unsigned char)(hash >> 3);
        }
    sink += hash;
}

static int compare(const void *x, const void *y) {
    int p = *(const int *)x, q = *(const int *)y;
    return p < q ? -1 : p > q;
}
static void swap(int *x, int *y) { int t = *x; *x = *y; *y = t; }
static void sort(int *v, long n) {
    while (n > 12) {
        int pivot = v[n / 2];
        long i = 0, j = n - 1;
        while (i <= j) {
            while (v[i] < pivot) i++;
            while (v[j] > pivot) j--;
            if (i <= j) swap(&v[i++], &v[j--]);
        }
        sort(v, j + 1);
        v += i;
        n -= i;
    }
    for (long i = 1; i < n; i++)
        for (long j = i; j > 0 && v[j - 1] > v[j]; j--) swap(&v[j - 1], &v[j]);
}
static void quicksort(void) {
    enum { N = 1000000 };
    int *v = malloc(N * sizeof *v);
    for (int i = 0; i < N; i++) v[i] = (int)next_random();
    sort(v, N);
    for (int i = 1; i < N; i++) sink += (unsigned long)(compare(&v[i - 1], &v[i]) > 0);
    free(v);
}

struct node { struct node *next; unsigned key, value; };
static struct node *table[1 << 12];
static struct node *look(unsigned key) {
    struct node **at = &table[key * 2654435761u >> 20];
    for (struct node *n = *at; n; n = n->next)
        if (n->key == key) return n;
    struct node *n = calloc(1, sizeof *n);
    n->key = key;
    n->next = *at;
    return *at = n;
}
static void hash(void) {
    for (int i = 0; i < 600000; i++) look(next_random() >> 16)->value++;
}

static pthread_mutex_t lock = PTHREAD_MUTEX_INITIALIZER;
static void *locked_map(void *id) {
    unsigned state = (unsigned)(long)id + 1;
    for (int i = 0; i < 100000; i++) {
        state = state * 1664525u + 1013904223u;
        pthread_mutex_lock(&lock);
        look(state >> 20)->value++;
        pthread_mutex_unlock(&lock);
    }
    return NULL;
}
static void mutex(void) { in_threads(locked_map); }

static pthread_rwlock_t rwlock = PTHREAD_RWLOCK_INITIALIZER;
static long shared_values[256];
static void *mostly_read(void *id) {
    long sum = 0;
    for (int i = 0; i < 100000; i++) {
        if (i % 64 == (long)id) {
            pthread_rwlock_wrlock(&rwlock);
            shared_values[i % 256]++;
        } else {
            pthread_rwlock_rdlock(&rwlock);
            for (int k = 0; k < 8; k++) sum += shared_values[(i + k) % 256];
        }
        pthread_rwlock_unlock(&rwlock);
    }
    return (void *)sum;
}
static void readers(void) { in_threads(mostly_read); }

static atomic_long counters[4];
static void *add(void *id) {
    for (int i = 0; i < 300000; i++) atomic_fetch_add(&counters[((long)id + i) % 4], 1);
    return NULL;
}
static void atomics(void) { in_threads(add); }

static long *slices;
static void *own_slice(void *id) {
    enum { N = 500000 };
    long *v = slices + (long)id * N;
    for (int round = 0; round < 6; round++)
        for (int i = 0; i < N; i++) v[i] += i;
    return NULL;
}
static void private(void) {
    slices = calloc(4 * 500000, sizeof *slices);
    in_threads(own_slice);
    free(slices);
}

static int *common;
static void *read_all(void *id) {
    unsigned long sum = (unsigned long)id;
    for (int i = 0; i < 10000000; i++) sum += (unsigned long)common[i];
    __atomic_fetch_add(&sink, sum, __ATOMIC_RELAXED);
    return NULL;
}
static void shared(void) {
    common = malloc(10000000 * sizeof *common);
    for (int i = 0; i < 10000000; i++) common[i] = i;
    in_threads(read_all);
    free(common);
}

static pthread_cond_t not_empty = PTHREAD_COND_INITIALIZER, not_full = PTHREAD_COND_INITIALIZER;
static int items[64], head, length;
static void *queue_end(void *id) {
    for (int i = 0; i < 60000; i++) {
        pthread_mutex_lock(&lock);
        if ((long)id % 2) {
            while (length == 64) pthread_cond_wait(&not_full, &lock);
            items[(head + length++) % 64] = i;
            pthread_cond_signal(&not_empty);
        } else {
            while (!length) pthread_cond_wait(&not_empty, &lock);
            sink += (unsigned long)items[head];
            head = (head + 1) % 64;
            length--;
            pthread_cond_signal(&not_full);
        }
        pthread_mutex_unlock(&lock);
    }
    return NULL;
}
static void queue(void) { in_threads(queue_end); }

static void *short_life(void *value) {
    *(long *)value += 1;
    return NULL;
}
static void short_threads(void) {
    long value = 0;
    for (int i = 0; i < 2000; i++) {
        pthread_t thread;
        pthread_create(&thread, NULL, short_life, &value);
        pthread_join(thread, NULL);
    }
    sink += (unsigned long)value;
}

static const struct { const char *name; void (*run)(void); } workloads[] = {
    {"matrix", matrix}, {"bytes", bytes}, {"quicksort", quicksort}, {"hash", hash}, {"mutex", mutex},
    {"readers", readers}, {"atomics", atomics}, {"private", private}, {"shared", shared},
    {"queue", queue}, {"short_threads", short_threads},
};

int main(int argc, char **argv) {
    for (size_t i = 0; argc > 1 && i < sizeof workloads / sizeof workloads[0]; i++) {
        if (strcmp(workloads[i].name, argv[1]) != 0) continue;
        workloads[i].run();
        fprintf(stderr, "%lu\n", sink);
        return 0;
    }
    return 2;
}
