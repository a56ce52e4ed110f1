// want: race
// stderr: ^Write of|^Write at 0x[0-9a-f]+ by thread T2
/* A library tells of accesses to its objects. */
#include "../annotations.h"

static long object;
static atomic_int step;

__attribute__((noinline)) static void change(void *tag) {
    __tsan_external_write(&object, __builtin_return_address(0), tag);
}
static void one(void) {
    change(__tsan_external_register_tag("object"));
    step_to(&step, 1);
}
static void other(void) {
    step_wait_in_thread(&step, 1);
    change(__tsan_external_register_tag("object"));
}

int main(void) {
    together_in_threads(one, other);
    return (int)object;
}
