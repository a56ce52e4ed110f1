/* file_lock.h - files that are each opened twice, and locked by one. */
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/file.h>
#include <unistd.h>

static int mine[3], yours[3];

static int lock(int fd, int command, int type) {
    struct flock all = {.l_type = (short)type, .l_whence = SEEK_SET};
    return fcntl(fd, command, &all);
}
static void check(int done) {
    if (!done) abort();
}

#define WAYS "file_lock.def"
#include "ways.h"

int main(void) {
    for (int i = 0; i < 3; i++) {
        char name[] = "/tmp/gorace-lock-XXXXXX";
        mine[i] = mkstemp(name);
        yours[i] = open(name, O_RDWR);
        if (mine[i] < 0 || yours[i] < 0 || unlink(name)) return 1;
        if (i < 2 ? flock(mine[i], LOCK_EX) : lock(mine[i], F_OFD_SETLK, F_WRLCK)) return 2;
    }
    together_in_threads(giver, taker);
    return 0;
}
