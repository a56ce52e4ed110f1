// want: none
/* What was written before a byte went into a pipe, a socket or an event descriptor is there for who read
 * it; so is what was done before a close for who reads the end. */
#include "../together.h"

#include <stdint.h>
#include <sys/eventfd.h>
#include <sys/socket.h>
#include <unistd.h>

int x, y, z, w;
static int tube[2], pair[2], event;

static void writer(void) {
    uint64_t one = 1;
    x = 1;
    if (write(tube[1], "x", 1) != 1) return;
    y = 1;
    if (send(pair[0], "y", 1, 0) != 1) return;
    z = 1;
    if (write(event, &one, sizeof one) != sizeof one) return;
    w = 1;
    close(tube[1]);
}
static void reader(void) {
    char c;
    uint64_t n;
    if (read(tube[0], &c, 1) == 1) x++;
    if (recv(pair[1], &c, 1, 0) == 1) y++;
    if (read(event, &n, sizeof n) == sizeof n) z++;
    if (read(tube[0], &c, 1) == 0) w++;
}

int main(void) {
    if (pipe(tube) || socketpair(AF_UNIX, SOCK_STREAM, 0, pair) || (event = eventfd(0, 0)) < 0) return 1;
    together_in_threads(writer, reader);
    return x + y + z + w != 8;
}
