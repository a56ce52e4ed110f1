// want: race
// stderr: ^Location is heap block of 16 bytes, allocated by main (thread|goroutine):
// stderr: open_account\(\)
/* The report says where the block came from. */
#include "../together.h"
#include <stdlib.h>

struct account {
    long balance, limit;
};
static struct account *account;

static void deposit(void) { account->balance++; }

static struct account *open_account(void) { return calloc(1, sizeof *account); }

int main(void) {
    account = open_account();
    together_in_threads(deposit, deposit);
    free(account);
    return 0;
}
