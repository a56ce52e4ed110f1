// want: none
/* The child of a fork waits for descriptors of its own, and takes nothing that the parent waits for. */
#include <gorace.h>
#include <sys/wait.h>
#include <unistd.h>

static void read_one(int fd, gr_chan *got) {
    char c = 0;
    if (gr_read(fd, &c, 1) == 1) gr_send(got, &c);
}

static char through(const int *tube, gr_chan *got, char c) {
    if (gr_write(tube[1], &c, 1) != 1) return 0;
    char came = 0;
    gr_recv(got, &came);
    return came;
}

static int in_child(void) {
    int tube[2];
    gr_chan *got = gr_make(char, 0);
    if (pipe(tube)) return 1;
    go(read_one, tube[0], got);
    gr_gosched();
    return through(tube, got, 'c') != 'c';
}

int main(void) {
    int tube[2], status = -1;
    gr_gomaxprocs(1); /* one thread: the child has what it needs to go on */
    gr_chan *got = gr_make(char, 0);
    if (pipe(tube)) return 1;
    go(read_one, tube[0], got);
    gr_gosched();
    pid_t child = fork();
    if (child == 0) _exit(in_child());
    if (waitpid(child, &status, 0) != child || status) return 2;
    return through(tube, got, 'p') != 'p';
}
