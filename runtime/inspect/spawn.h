/* spawn.h - starts the reporter of a program that runs without one. Session only. */
#ifndef GR_RUNTIME_INSPECT_SPAWN_H
#define GR_RUNTIME_INSPECT_SPAWN_H

/* Start `gorace __report` with descriptor fd (close-on-exec here, open there). All signals are
 * blocked by the caller. When it can't be started, the other end of fd's socket says so: it closes.
 * Keeps errno; takes no lock, allocates nothing, leaves no child to be waited for. */
void gr__spawn_reporter(int fd);

#endif
