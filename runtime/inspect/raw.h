/* raw.h - a finding without a reporter: its bare facts on stderr. Session only. */
#ifndef GR_RUNTIME_INSPECT_RAW_H
#define GR_RUNTIME_INSPECT_RAW_H

#include <stddef.h>

/* Whole records. Calls write(2) and nothing else. */
void gr__raw_print(const char *records, size_t length);

#endif
