/* plugin.c - what the programs here load and unload. */
#include <pthread.h>
#include <stdlib.h>
#include <string.h>

int plugin_slots[64], plugin_lost;
static pthread_mutex_t lock = PTHREAD_MUTEX_INITIALIZER;
static int guarded;

static __attribute__((constructor)) void begin(void) { plugin_slots[0] = 1; }
static __attribute__((destructor)) void end(void) { plugin_slots[0] = 2; }

int plugin_work(int slot) {
    char *block = malloc(100);
    memset(block, slot, 100);
    plugin_slots[slot] += block[3];
    free(block);
    pthread_mutex_lock(&lock);
    int now = ++guarded;
    pthread_mutex_unlock(&lock);
    return now;
}

void plugin_careless(void) { plugin_lost = 1; }
