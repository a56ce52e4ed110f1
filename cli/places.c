/* places.c - finds headers and libraries beside the executable: in the tree it was built in, or
 * where `cmake --install` put them, wherever that tree was moved to. */
#include "cli/cli.h"

#include <limits.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

const cli_places *cli_places_find(void) {
    static cli_places places;
    if (places.race_library) return &places;
    char self[PATH_MAX];
    ssize_t n = readlink("/proc/self/exe", self, sizeof self - 1);
    if (n < 0) cli_fail("can't read /proc/self/exe: mount /proc");
    self[n] = 0;
    *strrchr(self, '/') = 0;
    bool ok;
    if (strcmp(self, GORACE_BUILD_BIN) == 0) {
        ok = asprintf(&places.include_directory, "%s", GORACE_SOURCE_DIR "/runtime/include") > 0 &&
             asprintf(&places.dynamic_list, "%s",
                      GORACE_BUILD_LIB "/gorace_race.list") > 0 &&
             asprintf(&places.race_library, "%s", GORACE_BUILD_LIB "/libgorace_race.a") > 0;
    } else {
        ok = asprintf(&places.include_directory, "%s/%s", self, GORACE_RELATIVE_INCLUDE) > 0 &&
             asprintf(&places.dynamic_list, "%s/%s/gorace/gorace_race.list", self,
                      GORACE_RELATIVE_LIB) > 0 &&
             asprintf(&places.race_library, "%s/%s/libgorace_race.a", self,
                      GORACE_RELATIVE_LIB) > 0;
    }
    if (!ok) cli_fail("out of memory");
    return &places;
}
