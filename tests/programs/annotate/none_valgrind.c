// want: none
// stdout: ^0 10$
/* By these programs choose how long they wait; and the macros that this build must see are there. */
#include "../annotations.h"
#include <stdio.h>

#if !defined(__SANITIZE_THREAD__)
#if !defined(__has_feature) || !__has_feature(thread_sanitizer)
#error "neither __SANITIZE_THREAD__ nor __has_feature(thread_sanitizer)"
#endif
#endif

int main(void) {
    AnnotateFlushState(HERE);
    printf("%d %.0f\n", RunningOnValgrind(), ValgrindSlowdown());
    return 0;
}
