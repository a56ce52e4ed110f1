// want: lock-order first() second() pthread_mutex_t
/* std::mutex, by guards. */
#include <atomic>
#include <mutex>
#include <thread>

static std::mutex a, b;
static std::atomic<int> turn;

static void first() {
    std::lock_guard<std::mutex> one(a), two(b);
}
static void second() {
    std::lock_guard<std::mutex> one(b), two(a);
}

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
