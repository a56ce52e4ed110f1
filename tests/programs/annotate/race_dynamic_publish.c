// want: race
/* Memory is filled, then published in a way that nobody can see. */
#include "../annotations.h"

long message[4];
static atomic_int step;
static atomic_int elsewhere; /* orders nothing here, but gives the trace its order in time */

static void writer(void) {
    atomic_store(&elsewhere, 1);
    message[0] = 1;
    ANNOTATE(AnnotatePublishMemoryRange(HERE, message, sizeof message));
    step_to(&step, 1);
}
static void reader(void) {
    step_wait_in_thread(&step, 1);
    if (!atomic_load(&elsewhere)) return;
    message[0]++;
}

int main(void) {
    together_in_threads(writer, reader);
    return 0;
}
