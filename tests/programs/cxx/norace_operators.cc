// want: none
// flags: -std=c++17 -O1
// stdout: ^0 left, 50 thrown$
/* Objects of all kinds come and go in threads; an operator new that throws leaves no trace; a static variable
 * whose constructor threw is made by the next, after that. */
#include <cstdio>
#include <memory>
#include <mutex>
#include <new>
#include <stdexcept>
#include <thread>
#include <vector>

static std::mutex lock;
static int left, thrown, tries;

struct alignas(64) line { char bytes[64]; };
struct counted {
    counted() { std::lock_guard<std::mutex> held(lock); left++; }
    ~counted() { std::lock_guard<std::mutex> held(lock); left--; }
};
struct third_time {
    third_time() { if (++tries < 3) throw 1; }
};

static void use() {
    for (int i = 0; i < 25; i++) {
        auto one = std::make_unique<line>();
        auto some = std::make_unique<line[]>(3);
        auto objects = std::make_unique<counted[]>(3);
        delete new (std::nothrow) int(1);
        one->bytes[63] = some[2].bytes[0];
        try {
            volatile std::size_t much = std::size_t(1) << 62;
            std::vector<char> none(much);
        } catch (const std::bad_alloc &) {
            std::lock_guard<std::mutex> held(lock);
            thrown++;
        } catch (const std::length_error &) {
        }
        try {
            static third_time made;
            (void)made;
        } catch (int) {
        }
    }
}

int main() {
    std::thread one(use), two(use);
    one.join();
    two.join();
    std::printf("%d left, %d thrown\n", left, thrown);
    return tries != 3;
}
