// want: panic
// stderr: goroutine \d+ \[IO wait\]:
/* On one processor it has parked when the other goes on. */
#include <gorace.h>
#include <unistd.h>

static void wait_for_bytes(int fd) {
    char c;
    gr_read(fd, &c, 1);
}

int main(void) {
    int tube[2];
    gr_gomaxprocs(1);
    if (pipe(tube)) return 1;
    go(wait_for_bytes, tube[0]);
    gr_gosched();
    gr_panic("with somebody waiting for %s", "bytes");
}
