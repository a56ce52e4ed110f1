// want: none
/* What may be left locked: robust mutexes, mutexes of goroutines, and whatever is locked when the program ends. */
#include "../lockorder/turns.h"

#include <errno.h>

pthread_mutex_t lock = PTHREAD_MUTEX_INITIALIZER;
static pthread_mutex_t robust;
static gr_mutex handed;

static void *take(void *unused) {
    pthread_mutex_lock(&robust);
    return unused;
}
static void end_with(void) { gr_mutex_lock(&handed); }

int main(void) {
    pthread_t id;
    pthread_mutexattr_t attributes;
    pthread_mutexattr_init(&attributes);
    pthread_mutexattr_setrobust(&attributes, PTHREAD_MUTEX_ROBUST);
    pthread_mutex_init(&robust, &attributes);
    pthread_create(&id, NULL, take, NULL);
    pthread_join(id, NULL);
    if (pthread_mutex_lock(&robust) != EOWNERDEAD) return 1;
    pthread_mutex_consistent(&robust);
    pthread_mutex_unlock(&robust);
    pthread_mutex_destroy(&robust);
    goroutines_in_turn(end_with);
    gr_mutex_unlock(&handed);
    pthread_mutex_lock(&lock);
}
