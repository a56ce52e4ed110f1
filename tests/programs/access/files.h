/* files.h - what the calls of files.def are made with. The root folder is where they run. */
#include <dirent.h>
#include <fcntl.h>
#include <grp.h>
#include <iconv.h>
#include <pwd.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/resource.h>
#include <sys/stat.h>
#include <sys/statvfs.h>
#include <sys/times.h>
#include <sys/utsname.h>
#include <sys/wait.h>
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

typedef struct { int n; char more; } word;
typedef struct { siginfo_t of; } about_child;
typedef struct { struct passwd of; char more; } user;
typedef struct { struct group of; char more; } users;

static volatile size_t one = 1;
static char line[4096];
static int status;
static struct passwd root, *found;
static struct group root_group, *found_group;
static struct stat about;

static pid_t child(void) {
    pid_t id = fork();
    if (id == 0) _exit(0);
    return id;
}
static int recoded(char *to) {
    char some[] = "abc", *from = some;
    size_t left = 3, room = 8;
    iconv_t way = iconv_open("UTF-8", "ISO-8859-1");
    return iconv(way, &from, &left, &to, &room) != 0 || iconv_close(way);
}

#define CASES "files.def"
#include "cases.h"

int main(void) {
    if (chdir("/")) return 1;
    run_cases();
    (void)line, (void)about;
    return 0;
}
