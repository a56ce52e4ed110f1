/* kernel.h - what the bug kernels share: steps in time, and an end at which all who can wait do wait.
 * Included by tests/kernels/NAME.c only.
 */
#ifndef KERNEL_H
#define KERNEL_H

#ifndef _GNU_SOURCE
#define _GNU_SOURCE
#endif
#include "../programs/together.h"
#include <dirent.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

/* A function whose variables are gone when it returns: nobody keeps what only they named. */
#define APART static __attribute__((noinline))

/* Do all other threads of this process sleep? As the kernel says. */
static inline bool threads_sleep(void) {
    DIR *threads = opendir("/proc/self/task");
    bool asleep = threads != NULL;
    for (struct dirent *entry; asleep && (entry = readdir(threads));) {
        char path[280], text[128];
        if (entry->d_name[0] == '.' || atoi(entry->d_name) == gettid()) continue;
        snprintf(path, sizeof path, "/proc/self/task/%s/stat", entry->d_name);
        int file = open(path, O_RDONLY);
        ssize_t length = file < 0 ? 0 : read(file, text, sizeof text - 1);
        if (file >= 0) close(file);
        text[length > 0 ? length : 0] = 0;
        char *state = strrchr(text, ')');
        asleep = !state || strchr("SZXx", state[2]);
    }
    if (threads) closedir(threads);
    return asleep;
}

/* Let the others run until each of them waits: on one processor a turn ends nowhere else, and a thread that
 * has none any more, but is still on its way, does not sleep. */
static inline void settle(void) {
    gr_gomaxprocs(1);
    for (int quiet = 0; quiet < 2;) {
        for (int i = 0; i < 50; i++)
            gr_gosched();
        quiet = threads_sleep() ? quiet + 1 : 0;
        if (!quiet) sched_yield();
    }
}

/* Wait until somebody wants to write: from then on no new reader is let in. */
static inline void wait_for_writer(gr_rwmutex *lock) {
    while (gr_rwmutex_try_rlock(lock)) {
        gr_rwmutex_runlock(lock);
        gr_gosched();
    }
}

#endif
