// class: resource deadlock: double locking
// want: GR2001 logger
/* The logger is set up once, and for that reads the settings; these are set up once, too, and log a
 * warning: with the logger that is just being set up. Repaired: settings warn without the logger. */
#include "kernel.h"

static gr_once logger_once, settings_once;

static void logger(const char *text);
static void make_settings(void) {
#ifdef REPAIRED
    puts("no settings found");
#else
    logger("no settings found");
#endif
}
static void make_logger(void) { gr_once_do(&settings_once, make_settings); }
static void logger(const char *text) {
    gr_once_do(&logger_once, make_logger);
    puts(text);
}

int main(void) {
    logger("hello");
    return 0;
}
