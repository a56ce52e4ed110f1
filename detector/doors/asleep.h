/* asleep.h - all asleep: no thread of this process can ever run again. Doors only; any thread. */
#ifndef GR_DETECTOR_DOORS_ASLEEP_H
#define GR_DETECTOR_DOORS_ASLEEP_H

#include <stdbool.h>

/* A thread has begun to stand in a call, or is about to end: maybe it was the last that ran. */
void gr__asleep_ask(void);
/* Threads of the program that live, as far as it is known; -1: this one is at its end. */
void gr__asleep_count(int change);
/* The main thread ends by pthread_exit: it stays with the kernel as a zombie. */
void gr__asleep_main_gone(void);
/* Threads of ours that are no business of the program's: whoever counts leaves them out. */
int gr__asleep_helpers(void);
void gr__asleep_forked(void);

#endif
