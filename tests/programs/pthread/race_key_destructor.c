// want: race destroy
/* Nothing but the join comes after a thread's destructors. */
#include "../together.h"

int x;
static pthread_key_t key;
static atomic_int destroyed;

static void destroy(void *value) {
    ++*(int *)value;
    step_to(&destroyed, 1);
}
static void *thread(void *value) {
    pthread_setspecific(key, value);
    return NULL;
}

int main(void) {
    pthread_t id;
    pthread_key_create(&key, destroy);
    pthread_create(&id, NULL, thread, &x);
    step_wait_in_thread(&destroyed, 1);
    x++;
    pthread_join(id, NULL);
    return 0;
}
