/* resolve.h - program counters and addresses to names, by libdwfl. Private to reports/. */
#ifndef GR_REPORTS_RESOLVE_H
#define GR_REPORTS_RESOLVE_H

#include "reports/model.h"
#include "runtime/inspect/record.h"

typedef struct resolver resolver;

resolver *resolver_new(const char *strip_path_prefix);
void resolver_free(resolver *r);
/* The program has loaded an ELF object. A module in the place of an earlier one replaces it. */
void resolver_module(resolver *r, const gr__rec_module *module);
/* Stacks live as long as the resolver, and equal ones are the same. */
report_stack resolver_stack(resolver *r, gr__stack_pcs pcs);
/* The same for a part of a stack, which may have no frame of the user's; exact: the first pc is no
 * return address. */
report_stack resolver_frames(resolver *r, gr__stack_pcs pcs, bool exact);
/* Every module that was told of; until the next is. */
struct Dwfl *resolver_dwfl(resolver *r);
/* Names as reports print them, kept in f; NULL stays NULL. */
const char *resolver_file_name(resolver *r, report_finding *f, const char *file);
const char *resolver_readable(report_finding *f, const char *symbol);
/* Whose thread-local storage lies so many bytes before the end of all that is in a thread from its start on,
 * which stays where it is when more is loaded; and how far into it. */
bool resolver_tls_module(const resolver *r, uint64_t before_end, uint64_t *low, uint64_t *offset);
/* variable.c: fill name, size and declaration when a variable lies at location->address; for thread-local
 * storage, at its offset in that of the module at `module`; 0: the location is all of its thread's. */
void resolver_variable(resolver *r, report_finding *f, report_location *location);
void resolver_thread_local(resolver *r, report_finding *f, report_location *location, uint64_t module,
                           uint64_t offset);

#endif
