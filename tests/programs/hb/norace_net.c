// want: none
/* What was done before gr_write is there for the gr_read that gets it; plain calls and ours may meet. The
 * buffers are the users' accesses: a goroutine that reads waits for the bytes, parked. */
#include "../together.h"

#include <arpa/inet.h>
#include <sys/socket.h>
#include <unistd.h>

int x, y, z, w;
static int tube[2], pair[2], listener;
static struct sockaddr_in place = {.sin_family = AF_INET};
static char shared[4];

static void writer(void) {
    char c;
    x = 1;
    shared[0] = 'x';
    if (gr_write(tube[1], shared, 1) != 1) return;
    y = 1;
    if (send(pair[0], "y", 1, 0) != 1) return;
    if (gr_read(pair[0], &c, 1) != 1) return;
    z++;
    int fd = socket(AF_INET, SOCK_STREAM | SOCK_NONBLOCK, 0);
    w = 1;
    if (gr_connect(fd, (struct sockaddr *)&place, sizeof place)) return;
    close(fd);
}
static void reader(void) {
    if (gr_read(tube[0], shared, 4) == 1) x++;
    if (gr_wait_fd(pair[1], 1, -1) == 1) y++;
    if (gr_read(pair[1], shared, 4) == 1) z = 1;
    if (gr_write(pair[1], shared, 1) != 1) return;
    int fd = gr_accept(listener, NULL, NULL);
    if (fd >= 0) w++;
    close(fd);
}

int main(void) {
    socklen_t size = sizeof place;
    place.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
    listener = socket(AF_INET, SOCK_STREAM, 0);
    if (pipe(tube) || socketpair(AF_UNIX, SOCK_STREAM, 0, pair) ||
        bind(listener, (struct sockaddr *)&place, size) || listen(listener, 8) ||
        getsockname(listener, (struct sockaddr *)&place, &size))
        return 1;
    together(writer, reader);
    return x + y + z + w != 8;
}
