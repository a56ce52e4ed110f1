// class: mixed deadlock: WaitGroup
// want: GR2001 main
/* A task carries the group that it belongs to: not the group itself, but a copy of it, which its `done`
 * counts. Repaired: it carries the address. */
#include "kernel.h"

#ifdef REPAIRED
struct task { int number; gr_waitgroup *group; };
static gr_waitgroup *group_of(struct task *task) { return task->group; }
#else
struct task { int number; gr_waitgroup group; };
static gr_waitgroup *group_of(struct task *task) { return &task->group; }
#endif

static void perform(struct task *task) { gr_waitgroup_done(group_of(task)); }

int main(void) {
    gr_waitgroup group = {0};
    struct task tasks[2];
    gr_waitgroup_add(&group, 2);
    for (int i = 0; i < 2; i++) {
#ifdef REPAIRED
        tasks[i] = (struct task){i, &group};
#else
        tasks[i] = (struct task){i, group};
#endif
        go(perform, &tasks[i]);
    }
    gr_waitgroup_wait(&group);
    return 0;
}
