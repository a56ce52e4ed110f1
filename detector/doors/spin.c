/* spin.c - loops that turn around a closed channel: it is always ready, so they never wait.
 *
 * Receiving the end of a channel many times is no error: a closed channel is the usual latch, which may be asked
 * before each piece of work. What tells a loop that spins is that the goroutine does nothing else in between:
 * it publishes nothing (no unlock, send, go, write to a file), so that its clock stands still, and touches no
 * memory that it has not touched before in this epoch. A turn counts full when the program asked for a value,
 * and there was none; where it asked for none, which a latch does, or touched memory, so many of them make one.
 * Where it asked for none and touched memory the loop has work. Where accesses are left out, it may have touched any.
 *
 * A spin belongs to its goroutine. */
#include "detector/doors/misuse.h"
#include "detector/doors/tell.h"
#include "runtime/inspect/goroutine.h"
#include "runtime/vocab/past.h"

enum { FULL = 100 };

static void tell(const void *channel, int index, uint64_t turns, uintptr_t pc) {
    gr__channel_view view;
    gr__channel_look(channel, &view);
    gr__told_past past = {.kind = GR__PAST_CLOSED, .goid = view.closed_by.goid, .at = view.closed_by.place};
    gr__words note = {.length = 0};
    if (index >= 0) {
        gr__words_add(&note, "Case ");
        gr__words_number(&note, (uint64_t)index);
        gr__words_add(&note, " receives");
    } else {
        gr__words_add(&note, "The loop receives");
    }
    gr__words_add(&note, " from a closed channel, which is always ready: ");
    gr__words_number(&note, turns);
    gr__words_add(&note, " turns in a row came to nothing. ");
    gr__words_add(&note, index >= 0 ? "Look at the case's ok, and set the channel variable to NULL once it is false."
                                    : "End the loop when gr_recv returns false (gr_try_recv: GR_CLOSED).");
    gr__tell_misuse(index >= 0 ? GR__FINDING_SELECT_SPIN : GR__FINDING_RECEIVE_SPIN, gr__here(pc - 1), note.text,
                    channel, &past, 1);
}

void gr__spin_turn(gr__spin *spin, const void *channel, int index, bool valued, uintptr_t pc) {
    bool idle = spin->checks == gr__me->checks && !GR__LOAD_RELAXED(&gr__sampling);
    if (spin->clock != gr__me->clock || (!idle && !valued)) spin->turns = 0;
    if (!spin->turns) spin->weight = 0;
    spin->clock = gr__me->clock;
    spin->checks = gr__me->checks;
    if (spin->told || gr__option.select_spin <= 0 || gr__me->ignore > 0) return;
    spin->turns++;
    spin->weight += idle && valued ? FULL : 1;
    if (spin->weight < (uint64_t)gr__option.select_spin * FULL) return;
    spin->told = true;
    if (gr__misuse_first(pc)) tell(channel, index, spin->turns, pc);
}
