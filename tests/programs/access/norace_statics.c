// want: none
// flags: -O1 -D_GNU_SOURCE
/* The same in turns; and the environment is changed by many at once, under libc's lock. */
#include "../together.h"

#include <dirent.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

static DIR *folder;
static pthread_mutex_t lock = PTHREAD_MUTEX_INITIALIZER;
static __thread volatile int sum;

static void user(void) {
    char words[] = "some more words", *rest;
    for (int i = 0; i < 50; i++) {
        time_t now = i;
        struct tm mine;
        setenv("GORACE_NO_SUCH", "x", 1);
        unsetenv("GORACE_NO_SUCH");
        strtok_r(words, " ", &rest);
        localtime_r(&now, &mine);
        (void)!strerror(1);
        pthread_mutex_lock(&lock);
        strtok(words, "o");
        strtok(NULL, "o");
        sum += gmtime(&now)->tm_mday;
        sum += localtime(&now)->tm_mday;
        sum += ctime(&now)[0];
        struct dirent *entry = readdir(folder);
        if (entry) sum += entry->d_name[0];
        else rewinddir(folder);
        pthread_mutex_unlock(&lock);
    }
}

int main(void) {
    folder = opendir("/dev");
    if (!folder) return 1;
    together_in_threads(user, user);
    sum += getenv("GORACE_NO_SUCH") != NULL;
    return closedir(folder);
}
