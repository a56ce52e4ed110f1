// want: race add
/* C++: two threads, one member, no lock. */
#include <thread>

struct account {
    long balance = 0;
    void add(long amount) { balance += amount; }
};

int main() {
    account shared;
    std::thread one([&] { shared.add(1); }), two([&] { shared.add(2); });
    one.join();
    two.join();
    return 0;
}
