/* proc.h - what /proc says, read by system calls alone: for code that runs inside the program's calls, or
 * while its threads stand still. No libc function that is intercepted or takes a lock; errno is kept. Any thread.
 */
#ifndef GR_RUNTIME_BASE_PROC_H
#define GR_RUNTIME_BASE_PROC_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#define GR__PROC_TASKS "/proc/self/task/"
#define GR__PROC_DESCRIPTORS "/proc/self/fd/"

/* Room for folder, a number and a file in it. */
enum { GR__PROC_PATH = 64 };
/* "/proc/self/task/17/status" of "/proc/self/task/", 17 and "/status"; file may be "". */
void gr__proc_path(char path[GR__PROC_PATH], const char *folder, int number, const char *file);

/* The beginning of a file, ended by 0; its length. 0: it is not to be had, or empty. */
size_t gr__proc_read(const char *path, char *text, size_t room);
/* Call line for each line, without its end, until it says false. `text` holds them meanwhile. False: line said so,
 * the file can't be read, or a line has no room. */
bool gr__proc_lines(const char *path, char *text, size_t room, bool (*line)(const char *text, void *argument),
                    void *argument);
/* Visit each number that is a name in a folder, until visit says false: then that is the answer; so it is when the
 * folder can't be read. */
bool gr__proc_numbers(const char *folder, bool (*visit)(int number, void *argument), void *argument);

/* The number at *at, past blanks and "0x", which it is moved behind. */
uint64_t gr__proc_number(const char **at, unsigned base);
/* What follows `word`, which begins a line of the text, past blanks; NULL: there is none. */
const char *gr__proc_field(const char *text, const char *word);
/* The number there; 0: there is none. */
uint64_t gr__proc_field_number(const char *text, const char *word, unsigned base);

/* Does this thread of ours let the signal through? False too when there is no telling. */
bool gr__proc_task_listens(int tid, int signal);

#endif
