/* dump.c - `gorace dump`: the events of a trace, one a line, from event.def. */
#include "cli/cli.h"
#include "detector/trace/trace.h"

#include <getopt.h>
#include <inttypes.h>
#include <jansson.h>
#include <stdio.h>
#include <string.h>
#include <time.h>

enum { JSON = 256 };

/* Names of the fields; "" for one that the event does not use. */
static const struct { const char *name, *arg, *address, *number, *place; } events[GR__EVENT_TYPES_END] = {
#define EVENT(id, NAME, name, ordered, arg, address, number, place)                               \
    [id] = {#name, arg, address, number, place},
#include "runtime/vocab/event.def"
#undef EVENT
};

static bool is_pointer(const char *field) {
    return strcmp(field, "address") == 0 || strcmp(field, "object") == 0 || strcmp(field, "pc") == 0 ||
           strcmp(field, "lowest address") == 0 || strcmp(field, "channel") == 0;
}

static void field(const char *name, uint64_t value) {
    if (*name) printf(is_pointer(name) ? " %s=0x%" PRIx64 : " %s=%" PRIu64, name, value);
}

static void text_line(uint32_t thread, uint64_t actor, gr__event e, void *unused) {
    (void)unused;
    unsigned type = gr__event_type(e);
    printf("%" PRIu32 " %" PRIu64 " %s", thread, actor, events[type].name);
    field(events[type].address, gr__event_address(e));
    field(events[type].arg, gr__event_arg(e));
    field(events[type].number, gr__event_number(e));
    field(events[type].place, gr__event_place(e));
    putchar('\n');
}

static void member(json_t *line, const char *name, uint64_t value) {
    if (*name) json_object_set_new(line, name, json_integer((json_int_t)value));
}

static void json_line(uint32_t thread, uint64_t actor, gr__event e, void *unused) {
    (void)unused;
    unsigned type = gr__event_type(e);
    json_t *line = json_pack("{s:I, s:I, s:s}", "thread", (json_int_t)thread, "actor",
                             (json_int_t)actor, "event", events[type].name);
    member(line, events[type].address, gr__event_address(e));
    member(line, events[type].arg, gr__event_arg(e));
    member(line, events[type].number, gr__event_number(e));
    member(line, events[type].place, gr__event_place(e));
    json_dumpf(line, stdout, JSON_COMPACT);
    putchar('\n');
    json_decref(line);
}

static void head_line(const gr__trace_header *h, bool json) {
    char when[64];
    time_t seconds = (time_t)(h->start_ns / 1000000000u);
    struct tm parts;
    strftime(when, sizeof when, "%Y-%m-%dT%H:%M:%SZ", gmtime_r(&seconds, &parts));
    bool complete = h->flags & GR__TRACE_COMPLETE;
    if (!json) {
        printf("# trace of %s, pid %" PRIu64 ", started %s%s\n# thread actor event fields\n",
               h->executable, h->pid, when, complete ? "" : ", not complete");
        return;
    }
    json_t *head = json_pack("{s:s, s:I, s:s, s:b}", "executable", h->executable, "pid",
                             (json_int_t)h->pid, "started", when, "complete", complete);
    if (!head) return; /* a name that is not UTF-8 */
    json_dumpf(head, stdout, JSON_COMPACT);
    putchar('\n');
    json_decref(head);
}

static int dump_main(int argc, char **argv) {
    bool json = false;
    int value;
    while ((value = cli_next(&cli_command_dump, argc, argv)) != -1) json |= value == JSON;
    if (optind + 1 != argc) cli_fail("give one trace: see 'gorace help dump'");
    const char *error;
    gr__trace *trace = gr__trace_read(argv[optind], &error);
    if (!trace) cli_fail("%s", error);
    head_line(gr__trace_header_of(trace), json);
    gr__trace_merge(trace, json ? json_line : text_line, NULL);
    uint64_t at;
    if (gr__trace_cut(trace, &at))
        cli_complain("%s is cut or damaged at byte %" PRIu64, argv[optind], at);
    gr__trace_free(trace);
    if (fflush(stdout) != 0) cli_fail("can't write to stdout");
    return 0;
}

static const cli_option dump_options[] = {{"json", JSON, NULL, "JSON lines"}, {0}};

const cli_command cli_command_dump = {
    .name = "dump", .usage = "[--json] TRACE", .summary = "print the events of a trace",
    .text = "Prints the events of a trace in the order of their happening, one a line: thread, actor,\n"
            "event, fields. A loc is a place in a calling context, defined by an event of that name.",
    .options = dump_options, .main = dump_main};
