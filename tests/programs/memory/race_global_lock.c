// want: race
// stderr: ^Location is global 'account' of size \d+ \(account\.lock, a gr_mutex\) at \S*race_global_lock\.c:12$
/* Two make a lock anew that the other may hold. */
#include "../together.h"

struct account {
    long balance;
    gr_mutex lock;
};

/* Not static. */
struct account account;

static void open_account(void) { account.lock = (gr_mutex)GR_MUTEX_INIT; }

int main(void) {
    together(open_account, open_account);
    return 0;
}
