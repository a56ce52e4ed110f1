/* program.h - run a program under gorace: its session, its signals, its end. */
#ifndef GR_CLI_PROGRAM_H
#define GR_CLI_PROGRAM_H

#include "reports/reports.h"

/* Is it worth running? Ends the process with 125, 126 or 127 when not. Scripts pass: who knows
 * what they start. Returns whether instrumented code was seen. */
bool cli_program_check(const char *program);
/* Runs argv to its end, with $GORACE_SESSION set and its records given to `all`. trace: value of
 * $GORACE_TRACE or NULL. Returns the status as a shell has it: 128 + N for signal N. */
int cli_program_run(char **argv, reports *all, const char *trace);
/* Answer the program, which waits after each finding: whether it counts. flags: of send(2). */
void cli_program_answer(int session, const reports *all, unsigned ended, int flags);
/* Let go of standard input and of every descriptor that was handed to this process: the program alone
 * has them, so that closing one of them ends it. Ours close on exec. */
void cli_program_let_go(void);

#endif
