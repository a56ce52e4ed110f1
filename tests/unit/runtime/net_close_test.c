/* net_close_test.c - descriptors that are closed meanwhile, run out, or block their thread. */
#include "net_test.h"

#include <string.h>
#include <sys/resource.h>

/* The same number, again and again another file, of another kind. */
IN_GOROUTINE(test_number_is_used_again) {
    int number = -1;
    for (int i = 0; i < 30; i++) {
        int fds[2];
        char byte = 0;
        if (i % 3 == 0) EXPECT(socketpair(AF_UNIX, SOCK_STREAM, 0, fds) == 0);
        else EXPECT(pipe2(fds, i % 3 == 1 ? O_NONBLOCK : 0) == 0);
        EXPECT(number < 0 || fds[0] == number);
        number = fds[0];
        gr_waitgroup_add(&all, 1);
        go(write_byte, fds[1]);
        EXPECT(gr_read(fds[0], &byte, 1) == 1 && byte == 'x');
        EXPECT(gr_wait_fd(fds[0], POLLIN, 10 * GR_MICROSECOND) == 0);
        gr_waitgroup_wait(&all);
        close_both(fds);
    }
}

/* What epoll knows of descriptors: who waits for one there has told it. */
static int the_instance(void) {
    for (int fd = 3; fd < 100; fd++) {
        char name[32], what[64] = "";
        snprintf(name, sizeof name, "/proc/self/fd/%d", fd);
        if (readlink(name, what, sizeof what - 1) > 0 && strstr(what, "[eventpoll]")) return fd;
    }
    return -1;
}
static bool epoll_knows(int fd) {
    char name[48], line[256];
    int known = -1, n;
    bool found = false;
    snprintf(name, sizeof name, "/proc/self/fdinfo/%d", the_instance());
    FILE *info = fopen(name, "r");
    while (info && !found && fgets(line, sizeof line, info)) {
        n = sscanf(line, "tfd: %d", &known);
        found = n == 1 && known == fd;
    }
    if (info) fclose(info);
    return found;
}

static void read_what_is_closed(int fd) {
    char byte;
    errno = 0;
    EXPECT(gr_read(fd, &byte, 1) == -1 && errno == EBADF);
    gr_waitgroup_done(&all);
}

/* Nothing happens but that time goes by. */
IN_GOROUTINE(test_closed_while_waited_for) {
    int fds[2];
    EXPECT(pipe(fds) == 0);
    gr_waitgroup_add(&all, 2);
    go(read_what_is_closed, fds[0]);
    go(read_what_is_closed, fds[0]);
    while (!epoll_knows(fds[0])) gr_gosched();
    close_both(fds);
    gr_waitgroup_wait(&all);
}

/* Who waits for the new file is not mistaken for who waited for the old one. */
IN_GOROUTINE(test_closed_and_used_again_while_waited_for) {
    int fds[2], again[2];
    char byte = 0;
    EXPECT(pipe(fds) == 0);
    gr_waitgroup_add(&all, 2);
    go(read_what_is_closed, fds[0]);
    while (!epoll_knows(fds[0])) gr_gosched();
    close_both(fds);
    EXPECT(pipe(again) == 0 && again[0] == fds[0]);
    EXPECT(gr_wait_fd(again[0], POLLIN, GR_MICROSECOND) == 0);
    go(write_byte, again[1]);
    EXPECT(gr_read(again[0], &byte, 1) == 1 && byte == 'x');
    gr_waitgroup_wait(&all);
    close_both(again);
}

/* The program closes what is not its own: another instance is made. */
IN_GOROUTINE(test_instance_is_closed) {
    int fds[2], more[2];
    char byte;
    gr_chan *taken = gr_make(char, 0);
    EXPECT(pipe(fds) == 0 && pipe(more) == 0);
    go(take_one, fds[0], taken);
    while (!epoll_knows(fds[0])) gr_gosched();
    close(the_instance());
    go(take_one, more[0], taken); /* finds out */
    gr_waitgroup_add(&all, 2);
    go(write_byte, fds[1]);
    go(write_byte, more[1]);
    EXPECT(gr_recv(taken, &byte) && gr_recv(taken, &byte));
    gr_waitgroup_wait(&all);
    close_both(fds);
    close_both(more);
    gr_chan_free(taken);
}

/* Before all others: the instance is made by the first wait, and can't be. */
IN_GOROUTINE(test_no_descriptor_left) {
    struct rlimit limit, none = {0};
    int there[2], back[2];
    char end;
    EXPECT(pipe(there) == 0 && pipe(back) == 0 && getrlimit(RLIMIT_NOFILE, &limit) == 0);
    none.rlim_max = limit.rlim_max;
    none.rlim_cur = 1; /* poll(2) takes no more descriptors than this */
    EXPECT(setrlimit(RLIMIT_NOFILE, &none) == 0);
    EXPECT(gr_wait_fd(there[0], POLLIN, GR_MILLISECOND) == 0);
    EXPECT(the_instance() == -1);
    gr_waitgroup_add(&all, 1);
    go(echo, there[0], back[1]);
    much_there_and_back(there[1], back[0]);
    EXPECT(setrlimit(RLIMIT_NOFILE, &limit) == 0);
    close(there[1]);
    EXPECT(gr_read(back[0], &end, 1) == 0);
    close(back[0]);
    gr_waitgroup_wait(&all);
}

/* --- calls that block --- */

/* Each blocks a thread until the next one writes. */
static void blocks(int in, int out) {
    char byte;
    gr_blocking_begin();
    ssize_t n = read(in, &byte, 1);
    gr_blocking_end();
    EXPECT(n == 1 && gr_write(out, &byte, 1) == 1);
    gr_waitgroup_done(&all);
}
IN_GOROUTINE(test_others_go_on_beside_calls_that_block) {
    enum { LENGTH = 20 };
    int pipes[LENGTH + 1][2];
    char byte;
    for (int i = 0; i <= LENGTH; i++) EXPECT(pipe(pipes[i]) == 0);
    gr_waitgroup_add(&all, LENGTH);
    for (int i = 0; i < LENGTH; i++) go(blocks, pipes[i][0], pipes[i + 1][1]);
    EXPECT(gr_write(pipes[0][1], "x", 1) == 1 && gr_read(pipes[LENGTH][0], &byte, 1) == 1);
    gr_waitgroup_wait(&all);
    for (int i = 0; i <= LENGTH; i++) close_both(pipes[i]);
}

static int all_tests(void) {
    const struct CMUnitTest tests[] = {
        TEST(test_no_descriptor_left),
        TEST(test_number_is_used_again),
        TEST(test_closed_while_waited_for),
        TEST(test_closed_and_used_again_while_waited_for),
        TEST(test_instance_is_closed),
        TEST(test_others_go_on_beside_calls_that_block),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
