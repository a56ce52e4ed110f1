// want: none
// flags: -std=c++17 -O1
/* A static variable whose constructor throws is made by the next who comes, after that; who finds it made
 * comes after its constructor. */
#include <atomic>
#include <thread>

static int tries, made;
static std::atomic<int> turn;

struct second_time {
    second_time() {
        if (++tries < 2) throw 1;
        made = tries;
    }
};
static void get() { static second_time once; }

static void take_turn(int mine) {
    while (turn.load(std::memory_order_relaxed) != mine) std::this_thread::yield();
    try {
        get();
    } catch (int) {
    }
    if (mine == 2) made++;
    turn.store(mine + 1, std::memory_order_relaxed);
}

int main() {
    std::thread threads[] = {std::thread(take_turn, 0), std::thread(take_turn, 1), std::thread(take_turn, 2)};
    for (auto &t : threads) t.join();
    return made != 3;
}
