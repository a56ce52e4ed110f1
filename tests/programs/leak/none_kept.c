// want: none
// stdout: ^all were woken$
/* A goroutine waits for a channel whose only pointer lies in an odd place, while leaks are looked
 * for. Then the pointer is taken from there, and the goroutine is woken. */
#include "lost.h"

#include <fcntl.h>
#include <poll.h>
#include <pthread.h>
#include <stdint.h>
#include <sys/epoll.h>
#include <sys/mman.h>
#include <unistd.h>

/* A place: put a pointer there, and get it back. */
typedef struct place {
    const char *name;
    void (*put)(gr_chan *c);
    gr_chan *(*get)(void);
} place;

static uintptr_t word;

static void put_global(gr_chan *c) { word = (uintptr_t)c; }
static gr_chan *get_global(void) { return (gr_chan *)word; }

static void put_tagged(gr_chan *c) { word = (uintptr_t)c | 5; }
static gr_chan *get_tagged(void) { return (gr_chan *)(word & ~(uintptr_t)7); }

static void put_interior(gr_chan *c) { word = (uintptr_t)c + 40; }
static gr_chan *get_interior(void) { return (gr_chan *)(word - 40); }

typedef struct node {
    struct node *next;
    gr_chan *chan;
} node;
static node *list;
static void put_list(gr_chan *c) {
    for (int i = 0; i < 100; i++) {
        node *n = malloc(sizeof *n);
        *n = (node){list, i == 0 ? c : NULL};
        list = n;
    }
}
static gr_chan *get_list(void) {
    gr_chan *c = NULL;
    for (node *n; (n = list); free(n)) {
        list = n->next;
        c = n->chan;
    }
    return c;
}

/* Behind the end of the block that holds it. */
static gr_chan **end;
static void put_end(gr_chan *c) {
    end = malloc(6 * sizeof *end);
    end[5] = c;
    end += 6;
}
static gr_chan *get_end(void) {
    gr_chan *c = end[-1];
    free(end - 6);
    return c;
}

static void **mapping;
static void put_mapping(gr_chan *c) {
    mapping = mmap(NULL, 1 << 20, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
    mapping[5000] = c;
    mapping = (void **)((uintptr_t)mapping ^
                        UINTPTR_MAX); /* the mapping's own address need not be there */
}
static gr_chan *get_mapping(void) {
    mapping = (void **)((uintptr_t)mapping ^ UINTPTR_MAX);
    gr_chan *c = mapping[5000];
    munmap(mapping, 1 << 20);
    return c;
}

static gr_chan *by_timer;
static void rings(void *c) { STORE(by_timer, c); }
static void put_timer(gr_chan *c) { gr_after_func(300 * GR_MILLISECOND, rings, c); }
static gr_chan *get_timer(void) {
    while (!LOAD(by_timer)) gr_sleep(GR_MILLISECOND);
    return LOAD(by_timer);
}

static gr_chan *handed;
static void sleeper(gr_chan *c) {
    gr_sleep(300 * GR_MILLISECOND);
    STORE(handed, c);
}
static void put_sleeper(gr_chan *c) { go(sleeper, c); }
static gr_chan *get_handed(void) {
    gr_chan *c;
    while (!(c = LOAD(handed))) gr_sleep(GR_MILLISECOND);
    STORE(handed, NULL);
    return c;
}

static void spinner(gr_chan *c) {
    for (gr_duration end = gr_now() + 300 * GR_MILLISECOND; gr_now() < end;) {}
    STORE(handed, c);
}
static void *run_spinner(void *c) {
    spinner(c);
    return NULL;
}
static pthread_t thread;
static void put_spinner(gr_chan *c) { pthread_create(&thread, NULL, run_spinner, c); }
static gr_chan *get_thread(void) {
    gr_chan *c = get_handed();
    pthread_join(thread, NULL);
    return c;
}

static __thread gr_chan *own;
static void *keep_own(void *c) {
    own = c;
    c = NULL;
    usleep(300000);
    STORE(handed, own);
    return c;
}
static void put_thread_local(gr_chan *c) { pthread_create(&thread, NULL, keep_own, c); }

static int ends[2];
static void *keep_polling(void *c) {
    struct pollfd one = {ends[0], POLLIN, 0};
    poll(&one, 1, 300);
    STORE(handed, c);
    return NULL;
}
static void put_poll(gr_chan *c) { pthread_create(&thread, NULL, keep_polling, c); }

static void put_pipe(gr_chan *c) {
    if (write(ends[1], &c, sizeof c) != sizeof c) abort();
}
static gr_chan *get_pipe(void) {
    gr_chan *c;
    if (read(ends[0], &c, sizeof c) != sizeof c) abort();
    return c;
}

static int polled;
static void put_epoll(gr_chan *c) {
    struct epoll_event e = {EPOLLIN, {.ptr = c}};
    polled = epoll_create1(EPOLL_CLOEXEC);
    epoll_ctl(polled, EPOLL_CTL_ADD, ends[0], &e);
}
static gr_chan *get_epoll(void) {
    struct epoll_event e;
    char byte = 1;
    if (write(ends[1], &byte, 1) != 1 || epoll_wait(polled, &e, 1, -1) != 1 ||
        read(ends[0], &byte, 1) != 1)
        abort();
    close(polled);
    return e.data.ptr;
}

/* In the element of another channel, which is in a list that only a goroutine has that waits for
 * main. */
static gr_chan *outer;
static void put_element(gr_chan *c) {
    outer = gr_make(gr_chan *, 1);
    gr_send(outer, &c);
}
static gr_chan *get_element(void) {
    gr_chan *c;
    gr_recv(outer, &c);
    return c;
}

/* The last of a chain of goroutines of which each waits for the one before. */
static void link_of_chain(gr_chan *before, gr_chan *next) {
    gr_recv(before, NULL);
    gr_send_value(next, int, 1);
}
static void put_chain(gr_chan *c) {
    for (int i = 0; i < 200; i++) {
        gr_chan *before = gr_make(int, 0);
        go(link_of_chain, before, c);
        c = before;
    }
    word = (uintptr_t)c;
}

static const place places[] = {
    {"a variable", put_global, get_global},
    {"a variable, with a tag", put_tagged, get_tagged},
    {"a variable, into the middle", put_interior, get_interior},
    {"a list", put_list, get_list},
    {"a block that is known by its end", put_end, get_end},
    {"a mapping", put_mapping, get_mapping},
    {"a timer", put_timer, get_timer},
    {"a goroutine that sleeps", put_sleeper, get_handed},
    {"a thread that runs", put_spinner, get_thread},
    {"thread-local storage of one that sleeps", put_thread_local, get_thread},
    {"a thread in poll", put_poll, get_thread},
    {"a pipe", put_pipe, get_pipe},
    {"epoll", put_epoll, get_epoll},
    {"a channel", put_element, get_element},
    {"a chain of goroutines", put_chain, get_global},
};

static gr_waitgroup ended;
static const place *now;

static void waits(gr_chan *c) {
    gr_waitgroup_done(&begun);
    gr_recv(c, NULL);
    gr_waitgroup_done(&ended);
}
static void hide(void) {
    gr_chan *c = gr_make(int, 0);
    gr_waitgroup_add(&ended, 1);
    go(waits, c);
    now->put(c);
}

int main(void) {
    if (pipe(ends)) abort();
    for (size_t i = 0; i < sizeof places / sizeof places[0]; i++) {
        now = &places[i];
        leave_behind(hide, 1);
        for (int k = 0; k < 5; k++)
            if (gr_check_leaks() > 0) printf("%s: taken for leaked\n", now->name);
        gr_send_value(now->get(), int, 1);
        gr_waitgroup_wait(&ended);
        word = 0;
    }
    printf("all were woken\n");
    return 0;
}
