/* os.h - front door of the os room: what the runtime asks of Linux. All keep errno. */
#ifndef GR_RUNTIME_OS_H
#define GR_RUNTIME_OS_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/* Sleep while *word == value, until woken or `until_ns` on the monotonic clock (0: no limit). */
void gr__os_wait(uint32_t *word, uint32_t value, uint64_t until_ns);
void gr__os_wake(uint32_t *word, int how_many);

void gr__os_yield(void);            /* give up the processor */
/* When it returns, every thread of this process has passed a full memory barrier since the call. Only
 * after gr__os_barrier_register, which is false where the kernel can't (Linux 4.14 can). */
bool gr__os_barrier_register(void);
void gr__os_barrier_everywhere(void);

uint64_t gr__os_now(void);          /* monotonic, ns */
uint64_t gr__os_now_coarse(void);   /* same clock, last tick: a few ns to read */
int gr__os_tid(void);
bool gr__os_is_main_thread(void);
int gr__os_cpus(void);              /* this process may use */
int gr__os_threads(void);           /* of this process; INT_MAX: there is no telling */
extern int gr__os_hidden_threads;   /* atomic: which that does not count: they do nothing to anybody */
_Noreturn void gr__os_exit(int status);
_Noreturn void gr__os_abort(void);  /* by SIGABRT, whatever the program does with it: leaves a core */

/* Start a detached thread of our own; false when the kernel has none left. */
bool gr__os_thread(void *(*run)(void *), void *argument, size_t stack_size);

/* Signals that this thread blocks, a bit each. gr__os_signals_block blocks all but those that libc needs
 * in every thread, and returns what was. */
uint64_t gr__os_signals(void);
uint64_t gr__os_signals_block(void);
void gr__os_signals_set(uint64_t blocked);

/* errno of the thread that runs now: the compiler may keep errno's address over a switch. */
int gr__os_errno(void);
void gr__os_errno_set(int value);

/* The calling thread's own stack, as far as it is known. */
void gr__os_stack(uintptr_t *low, uintptr_t *high);
#endif
