/* files.h - what the calls of files.def are made with. The root folder is where they run. */
#include <dirent.h>
#include <fcntl.h>
#include <stdlib.h>
#include <string.h>
#include <sys/resource.h>
#include <sys/stat.h>
#include <sys/statvfs.h>
#include <sys/times.h>
#include <sys/utsname.h>
#include <unistd.h>

typedef struct { char s[32]; } path;
typedef struct { char s[8192]; } long_path;
typedef struct { struct stat of; char more; } file;
typedef struct { struct statx of; char more; } filex;
typedef struct { struct statvfs of; } volume;
typedef struct { struct utsname of; } names;
typedef struct { struct rlimit of; char more; } limit;
typedef struct { struct rusage of; } usage;
typedef struct { struct tms of; char more; } used;

static volatile size_t one = 1;
static char line[64];
static struct stat about;

#define CASES "files.def"
#include "cases.h"

int main(void) {
    if (chdir("/")) return 1;
    run_cases();
    (void)line, (void)about;
    return 0;
}
