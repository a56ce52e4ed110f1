// class: library: timer
// want: GR1001 give_up
/* A timer's callback runs in a goroutine of its own, and marks the request as too late beside the one
 * that fills it in. Repaired: both under the request's lock. */
#include "kernel.h"

struct request { gr_mutex lock; int answer; bool late; gr_chan *ended; } request;

static void give_up(void *argument) {
    struct request *r = argument;
#ifdef REPAIRED
    gr_mutex_lock(&r->lock);
#endif
    if (r->answer == 0) r->late = true;
#ifdef REPAIRED
    gr_mutex_unlock(&r->lock);
#endif
    gr_close(r->ended);
}

int main(void) {
    gr_timer *timer;
    request.ended = gr_make(int, 0);
    timer = gr_after_func(GR_MILLISECOND, give_up, &request);
#ifdef REPAIRED
    gr_mutex_lock(&request.lock);
#endif
    request.answer = 42;
#ifdef REPAIRED
    gr_mutex_unlock(&request.lock);
#endif
    gr_recv(request.ended, NULL);
    gr_timer_free(timer);
    return 0;
}
