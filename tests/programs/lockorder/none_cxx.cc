// want: none
// flags: -O1 -std=c++17
/* std::lock and std::scoped_lock take several without waiting while they hold one. */
#include <atomic>
#include <mutex>
#include <thread>

static std::mutex a, b;
static std::atomic<int> turn;

static void first() { std::scoped_lock both(a, b); }
static void second() { std::scoped_lock both(b, a); }

int main() {
    std::thread late([] {
        while (!turn.load(std::memory_order_relaxed)) std::this_thread::yield();
        second();
    });
    std::thread early([] {
        first();
        turn.store(1, std::memory_order_relaxed);
    });
    early.join();
    late.join();
}
