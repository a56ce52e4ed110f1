/* descriptor_passes.h - bytes that a third thread moves from one pipe to another, within the kernel, with
 * nothing else in common. With RACING the variable is written after they went off. */
#include "../together.h"

#include <fcntl.h>
#include <sys/sendfile.h>
#include <unistd.h>

int spliced, teed;
static int from[2], to[2], source[2], copy[2];
static atomic_int given;

#ifdef RACING
#define GIVE(x, fd) ((void)!write(fd, "x", 1), x = 1)
#else
#define GIVE(x, fd) (x = 1, (void)!write(fd, "x", 1))
#endif

static void giver(void) {
    GIVE(spliced, from[1]);
    step_to(&given, 1);
    GIVE(teed, source[1]);
    step_to(&given, 2);
}
static void passer(void) {
    splice(from[0], NULL, to[1], NULL, 1, 0);
    tee(source[0], copy[1], 1, 0);
}
static void taker(void) {
    char c;
    if (read(to[0], &c, 1) != 1) return;
    step_wait_in_thread(&given, 1);
    spliced++;
    if (read(copy[0], &c, 1) != 1) return;
    step_wait_in_thread(&given, 2);
    teed++;
}
static void *pass(void *unused) {
    passer();
    return unused;
}

int main(void) {
    pthread_t third;
    if (pipe(from) || pipe(to) || pipe(source) || pipe(copy)) return 1;
    pthread_create(&third, NULL, pass, NULL);
    together_in_threads(giver, taker);
    pthread_join(third, NULL);
    return spliced != 2 || teed != 2;
}
