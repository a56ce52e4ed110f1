/* unwind.h - the stack of a goroutine from its registers and memory, by the call frame information of
 * the program's ELF objects. Private to reports/. */
#ifndef GR_REPORTS_UNWIND_H
#define GR_REPORTS_UNWIND_H

#include "reports/resolve.h"

typedef struct unwinder unwinder;

unwinder *unwinder_new(void);
void unwinder_free(unwinder *u);
/* A stack begins; memory of it follows. */
void unwinder_registers(unwinder *u, const gr__rec_registers *record);
void unwinder_memory(unwinder *u, const gr__rec_memory *record);
void unwinder_forget(unwinder *u);
/* The stack that was told of, if any, becomes the actor's, when it is better than `walked`: what
 * frame pointers led to. Then it is forgotten. */
void unwinder_settle(unwinder *u, resolver *r, report_finding *f, report_actor *a, const uint64_t *walked,
                     size_t count);

#endif
