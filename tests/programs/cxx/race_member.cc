// want: race
// stderr: ^Location is global '(bank::)?accounts' of size \d+ \((bank::)?accounts\[2\]\.balance\[1\]\) at \S*race_member\.cc:19$
// stderr: ^Location is global '(bank::)?accounts' of size \d+ \((bank::)?accounts\[3\]\.lock\._M_mutex, a pthread_mutex_t\)
/* A member of a class, one of its base, and a lock that two make. */
#include <mutex>
#include <new>
#include <thread>

struct Owner {
    int number;
    virtual ~Owner() {}
};
struct Account : Owner {
    std::mutex lock;
    long balance[3];
};

namespace bank {
static Account accounts[4];
}

static void change() {
    bank::accounts[2].balance[1] = 1;
    new (&bank::accounts[3].lock) std::mutex;
}

int main() {
    std::thread one(change), other(change);
    one.join();
    other.join();
}
