// want: none
/* C++: std::thread, std::mutex, a virtual call, a static local. */
#include <memory>
#include <mutex>
#include <string>
#include <thread>
#include <vector>

struct shape {
    virtual ~shape() = default;
    virtual int sides() const = 0;
};
struct square : shape {
    int sides() const override { return 4; }
};

static std::mutex lock;
static std::vector<std::unique_ptr<shape>> shapes;
int total;

static const std::string &name() {
    static const std::string text = "made once";
    return text;
}

static void user() {
    std::lock_guard<std::mutex> hold(lock);
    shapes.emplace_back(new square);
    total += shapes.back()->sides() + (name() == "made once");
}

int main() {
    std::thread one(user), two(user);
    one.join();
    two.join();
    return total != 10;
}
