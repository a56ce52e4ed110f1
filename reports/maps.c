/* maps.c - see maps.h. Reads /proc/PID/maps, whose lines have the path from column 74 or so on. */
#include "reports/maps.h"

#include "runtime/inspect/record.h"

#include <inttypes.h>
#include <stdio.h>
#include <string.h>

/* What the kernel calls memory that processes share without a file. */
static const char shared_without_file[] = "/dev/zero (deleted)";

void maps_look(uint64_t pid, report_finding *f, report_location *location) {
    char name[64];
    snprintf(name, sizeof name, "/proc/%" PRIu64 "/maps", pid);
    FILE *in = fopen(name, "r");
    char *line = NULL;
    size_t room = 0;
    ssize_t length;
    while (in && (length = getline(&line, &room, in)) > 0) {
        uint64_t low, high;
        const char *path = strchr(line, '/');
        if (sscanf(line, "%" SCNx64 "-%" SCNx64, &low, &high) != 2 || location->address < low ||
            location->address >= high)
            continue;
        if (line[length - 1] == '\n') line[length - 1] = 0;
        if (!path || strcmp(path, shared_without_file) == 0) break;
        location->path = report_text(f, path, strlen(path));
        if (location->kind == GR__LOCATION_MAPPING) break;
        location->kind = GR__LOCATION_MAPPING;
        location->low = low;
        location->size = high - low;
        break;
    }
    free(line);
    if (in) fclose(in);
}
