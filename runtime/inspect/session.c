/* session.c - the way of records to the reporter: none yet, the first line of a finding goes to
 * stderr as it is. */
#include "runtime/inspect/session.h"

#include "runtime/base/base.h"
#include "runtime/inspect/record.h"

#include <stdio.h>
#include <unistd.h>

void (*gr__session_tap)(const char *records, size_t length);
static uint32_t lock;
static const char *const headlines[] = {
#define FINDING(id, NAME, fail_on, rule, level, headline) [id] = headline,
#include "runtime/vocab/finding.def"
#undef FINDING
};
static const char *const waits[] = {
#define WAIT(id, NAME, words, waker) [id] = words,
#include "runtime/vocab/wait.def"
#undef WAIT
};

void gr__session_init(void) {}
void gr__session_begin(void) { gr__lock(&lock); }

void gr__session_put(const char *records, size_t length) {
    while (length >= 8) {
        uint32_t id, n;
        memcpy(&id, records, 4);
        memcpy(&n, records + 4, 4);
        gr__rec_finding f;
        gr__rec_actor a;
        char words[512];
        if (id == GR__RECORD_FINDING && gr__get_finding(records + 8, n, &f)) {
            snprintf(words, sizeof words, "%.*s", (int)f.message.length, f.message.text);
#pragma GCC diagnostic push
#pragma GCC diagnostic ignored "-Wformat-nonliteral"
#pragma GCC diagnostic ignored "-Wformat-security"
            dprintf(2, headlines[f.kind], words);
#pragma GCC diagnostic pop
            dprintf(2, "\n");
        }
        if (id == GR__RECORD_ACTOR && gr__get_actor(records + 8, n, &a))
            dprintf(2, "\ngoroutine %llu [%s]:\n", (unsigned long long)a.number, waits[a.wait]);
        records += 8 + n;
        length -= 8 + n;
    }
}

void gr__session_end(void) { gr__unlock(&lock); }
void gr__session_tell(const char *records, size_t length) { (void)records, (void)length; }
bool gr__session_has_parent(void) { return false; }
void gr__session_close(void) {}
void gr__session_forked(void) {}
