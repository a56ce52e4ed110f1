// want: race strtok_state environ by_gmtime by_readdir
// flags: -O1 -D_GNU_SOURCE
/* What libc keeps one of for all threads: where strtok goes on, the environment, the time in pieces, and the
 * entry of a folder. */
#include "../together.h"

#include <dirent.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

static DIR *folder;
static atomic_int step;
static __thread volatile int sum;

static void by_strtok(char *words) { sum += strtok(words, " ") != NULL; }
static void by_gmtime(time_t now) { sum += gmtime(&now)->tm_mday; }
static void by_readdir(void) { sum += readdir(folder)->d_type; }

static void first(void) {
    char words[] = "some words";
    by_strtok(words);
    setenv("GORACE_NO_SUCH", "x", 1);
    by_gmtime(0);
    sum += readdir(folder) != NULL;
    rewinddir(folder);
    step_to(&step, 1);
}
static void second(void) {
    char words[] = "some words";
    step_wait_in_thread(&step, 1);
    by_strtok(words);
    sum += getenv("GORACE_NO_SUCH") != NULL;
    by_gmtime(1);
    by_readdir();
}

int main(void) {
    folder = opendir("/");
    if (!folder) return 1;
    together_in_threads(first, second);
    return 0;
}
