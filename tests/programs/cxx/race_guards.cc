// want: race 'late'
// flags: -std=c++17 -O1
/* What the maker does after the constructor is not there for who finds the variable made. */
#include <atomic>
#include <thread>

int late;
static std::atomic<int> step;

struct slow {
    slow() { std::this_thread::yield(); }
};
static void get() { static slow once; }

static void maker() {
    get();
    late = 1;
    step.store(1, std::memory_order_relaxed);
}
static void finder() {
    while (step.load(std::memory_order_relaxed) != 1) std::this_thread::yield();
    get();
    late++;
}

int main() {
    std::thread one(maker), two(finder);
    one.join();
    two.join();
}
