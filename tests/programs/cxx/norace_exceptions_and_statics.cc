// want: none
// flags: -std=c++17 -O1
// stdout: ^caught 200 of 200$
/* Exceptions, static variables that are initialised once, and std:: locks. */
#include <atomic>
#include <condition_variable>
#include <cstdio>
#include <mutex>
#include <shared_mutex>
#include <stdexcept>
#include <string>
#include <thread>
#include <vector>

static const std::string &name() {
    static const std::string kept(100, 'x');
    return kept;
}
static void fail(int n) {
    if (n == 0) throw std::runtime_error(name());
    fail(n - 1);
}

int main() {
    std::mutex lock;
    std::shared_mutex shared;
    std::condition_variable changed;
    int caught = 0, ready = 0;
    std::vector<std::thread> threads;
    for (int t = 0; t < 4; t++)
        threads.emplace_back([&] {
            {
                std::unique_lock<std::mutex> held(lock);
                ready++;
                changed.notify_all();
                changed.wait(held, [&] { return ready == 4; });
            }
            for (int i = 0; i < 50; i++) {
                try {
                    fail(i % 10);
                } catch (const std::exception &e) {
                    std::unique_lock<std::shared_mutex> held(shared);
                    if (e.what() == name()) caught++;
                }
                std::shared_lock<std::shared_mutex> reading(shared);
                if (caught < 0) return;
            }
        });
    for (auto &t : threads) t.join();
    std::printf("caught %d of 200\n", caught);
}
