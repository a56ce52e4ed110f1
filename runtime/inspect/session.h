/* session.h - the way of records from this process to its reporter.
 *
 * Who reports: the process named by GORACE_SESSION=fd:N (gorace run); else, at the first finding,
 * `gorace __report FD` is started (path: $GORACE_TOOL, the build's, the installed one, $PATH); else
 * the records are printed raw, by us, on stderr. Used by panics and dumps of the runtime and by the
 * doors. Async-signal-safe after gr__session_init, never allocates with malloc.
 */
#ifndef GR_RUNTIME_INSPECT_SESSION_H
#define GR_RUNTIME_INSPECT_SESSION_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/* Idempotent; reads the environment, and keeps the descriptor from the program's children. */
void gr__session_init(void);
/* One group of records (a finding) at a time: begin waits until others are done. Modules are sent
 * first when they changed. end waits until the reporter has printed the group or is gone. */
void gr__session_begin(void);
void gr__session_put(const char *records, size_t length);
bool gr__session_end(void); /* false: the reporter leaves it out, and it doesn't count */
enum { GR__ANSWER_TOLD = 0, GR__ANSWER_LEFT_OUT = 1 };
/* Same, for records outside groups (SUMMARY); does nothing when no reporter was ever needed. */
void gr__session_tell(const char *records, size_t length);
/* Groups begun in this process so far, without those that were left out. */
uint64_t gr__session_findings(void);
/* True under gorace run or record: the parent says how the run ends, not we. */
bool gr__session_has_parent(void);
/* Wait until a reporter that we started has printed everything. */
void gr__session_close(void);
/* In the child of a fork: forget the reporter. */
void gr__session_forked(void);
/* Every record also goes here when set (the trace). */
extern void (*gr__session_tap)(const char *records, size_t length);

#endif
