/* maps.h - what the kernel says of a running program's memory. Private to reports/. */
#ifndef GR_REPORTS_MAPS_H
#define GR_REPORTS_MAPS_H

#include "reports/model.h"

/* Fill the path of the file that is mapped at location->address; memory that nothing is known of becomes
 * a mapping when a file is there. */
void maps_look(uint64_t pid, report_finding *f, report_location *location);

#endif
