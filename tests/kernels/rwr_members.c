// class: resource deadlock: RWR
// want: GR2002 is_member
/* A chat room counts who is there while it has the read lock, by a function that takes it for each
 * name. Somebody joins meanwhile. Room and newcomer wait for each other; main goes on. Repaired: the
 * count is made without the lock of its own. */
#include "kernel.h"

static gr_rwmutex lock;
static bool member[4] = {true, false, true, false};
static gr_chan *counting;

static bool is_member(int who) {
    bool there;
    gr_rwmutex_rlock(&lock);
    there = member[who];
    gr_rwmutex_runlock(&lock);
    return there;
}
static void count_members(void) {
    int members = 0;
    gr_rwmutex_rlock(&lock);
    gr_close(counting);
    wait_for_writer(&lock);
    for (int who = 0; who < 4; who++)
#ifdef REPAIRED
        members += member[who];
#else
        members += is_member(who);
#endif
    gr_rwmutex_runlock(&lock);
}
static void join(int who) {
    gr_recv(counting, NULL);
    gr_rwmutex_lock(&lock);
    member[who] = true;
    gr_rwmutex_unlock(&lock);
}

int main(void) {
    counting = gr_make(int, 0);
    is_member(0);
    go(count_members);
    go(join, 3);
    gr_recv(counting, NULL);
    settle();
    return 0;
}
