// want: race by_new() by_new_array() by_nothrow() by_nothrow_array() by_aligned() by_aligned_array()
// want: race by_aligned_nothrow() by_aligned_nothrow_array() drop_plain(void*) drop_array(void*)
// want: race drop_sized(void*) drop_sized_array(void*) drop_aligned(void*) drop_aligned_array(void*)
// want: race drop_aligned_sized(void*) drop_aligned_sized_array(void*)
// flags: -std=c++17 -O1 -fsized-deallocation
/* Blocks of every operator new are deleted, by every operator delete, while another thread uses them. */
#include <atomic>
#include <new>
#include <thread>

using align = std::align_val_t;
static std::atomic<int> step;
static char *block[8];

#define MAKE(name, expression) __attribute__((noinline)) static void *name() { return expression; }
MAKE(by_new, ::operator new(20))
MAKE(by_new_array, ::operator new[](20))
MAKE(by_nothrow, ::operator new(20, std::nothrow))
MAKE(by_nothrow_array, ::operator new[](20, std::nothrow))
MAKE(by_aligned, ::operator new(20, align(64)))
MAKE(by_aligned_array, ::operator new[](20, align(64)))
MAKE(by_aligned_nothrow, ::operator new(20, align(64), std::nothrow))
MAKE(by_aligned_nothrow_array, ::operator new[](20, align(64), std::nothrow))

#define DROP(name, expression) __attribute__((noinline)) static void name(void *p) { expression; }
DROP(drop_plain, ::operator delete(p))
DROP(drop_array, ::operator delete[](p))
DROP(drop_sized, ::operator delete(p, std::size_t(20)))
DROP(drop_sized_array, ::operator delete[](p, std::size_t(20)))
DROP(drop_aligned, ::operator delete(p, align(64)))
DROP(drop_aligned_array, ::operator delete[](p, align(64)))
DROP(drop_aligned_sized, ::operator delete(p, std::size_t(20), align(64)))
DROP(drop_aligned_sized_array, ::operator delete[](p, std::size_t(20), align(64)))

static void use() {
    block[0][0] = 'x'; // each in a place of its own, or they would be told as one
    block[1][0] = 'x';
    block[2][0] = 'x';
    block[3][0] = 'x';
    block[4][0] = 'x';
    block[5][0] = 'x';
    block[6][0] = 'x';
    block[7][0] = 'x';
    step.store(1, std::memory_order_relaxed);
}
static void drop() {
    while (step.load(std::memory_order_relaxed) != 1) std::this_thread::yield();
    drop_plain(block[0]);
    drop_array(block[1]);
    drop_sized(block[2]);
    drop_sized_array(block[3]);
    drop_aligned(block[4]);
    drop_aligned_array(block[5]);
    drop_aligned_sized(block[6]);
    drop_aligned_sized_array(block[7]);
}

int main() {
    void *(*const makers[])() = {by_new, by_new_array, by_nothrow, by_nothrow_array, by_aligned, by_aligned_array,
                                 by_aligned_nothrow, by_aligned_nothrow_array};
    for (int i = 0; i < 8; i++) block[i] = static_cast<char *>(makers[i]());
    std::thread user(use), dropper(drop);
    user.join();
    dropper.join();
}
