/* fork.c - what goes on in the child of a fork. Runs in it, before anything of the program does. */
#include "detector/doors/asleep.h"
#include "detector/doors/interpose.h"
#include "detector/doors/log.h"
#include "detector/doors/sample.h"
#include "detector/doors/stop.h"
#include "detector/doors/waits.h"
#include "runtime/inspect/session.h"
#include "runtime/os/os.h"

#include <pthread.h>
#include <unistd.h>

bool gr__forked;
int gr__process;
static int threads; /* of the parent, when it forked */

static void prepare(void) { threads = gr__os_threads() - gr__asleep_helpers(); }

/* The trace is the parent's. With one thread the child goes on being checked, and finds a reporter of
 * its own; with more, others may have held locks of the engine and are not here to give them back. */
static void in_child(void) {
    gr__stop_forked();
    gr__session_forked();
    gr__log_forked();
    gr__exit_forked();
    gr__waits_forked();
    gr__asleep_forked();
    gr__forked = true;
    gr__process = getpid();
    if (threads > 1) gr__me = &gr__nobody;
    gr__sample_forked(threads <= 1);
}

/* It calls nobody's handlers, so not ours. */
GR__EXPORT pid_t _Fork(void) {
    prepare();
    pid_t child = REAL(_Fork)();
    if (child == 0) in_child();
    return child;
}

void gr__fork_init(void) {
    gr__process = getpid();
    pthread_atfork(prepare, NULL, in_child);
}
