// want: none
// flags: -std=c++17 -O1
// stdout: ^2 of 2 threw on what they had caught$
/* Goroutines that wait in handlers of exceptions, on one thread, or go on in another one. */
#include <gorace.h>
#include <cstdio>
#include <stdexcept>
#include <string>

static gr_chan *meeting, *right;

static void throw_on(const std::string &mine) {
    bool same = false;
    try {
        throw std::runtime_error(mine);
    } catch (...) {
        if (mine == "one") gr_recv(meeting, nullptr);
        else gr_send_value(meeting, int, 1);
        gr_gosched();
        try {
            throw;
        } catch (std::exception &e) {
            same = e.what() == mine;
        }
    }
    gr_send_value(right, int, same);
}

static void one() { throw_on("one"); }
static void other() { throw_on("other"); }

int main() {
    meeting = gr_make(int, 0);
    right = gr_make(int, 0);
    go(one);
    go(other);
    int first = 0, second = 0;
    gr_recv(right, &first);
    gr_recv(right, &second);
    std::printf("%d of 2 threw on what they had caught\n", first + second);
}
