/* resolve.c - program counters to functions, files and lines.
 *
 * The first pc of a stack is the exact place, the others are return addresses: for these pc - 1 is
 * looked up, which lies in the call. Functions of gorace itself and what starts a thread are left
 * out: a report speaks of the user's code. Many stacks are alike: each is looked up once, and its
 * frames are shared.
 */
#include "reports/resolve.h"

#include <dwarf.h>
#include <elfutils/libdw.h>
#include <elfutils/libdwfl.h>
#include <string.h>

typedef struct module {
    uint64_t low, high, bias, tls, tls_size;
    char *path;
} module;

typedef struct known {   /* what was looked up: a stack, or one place of a stack */
    uint64_t *pcs;          /* NULL: no entry */
    uint32_t count;
    bool exact, whole;
    report_stack stack;
} known;

struct resolver {
    Dwfl *dwfl;
    module *modules;
    size_t count;
    char *strip;
    report_finding *memory; /* of everything known; lives as long as the resolver */
    known *table;           /* by their hash; a power of two of entries */
    size_t room, used;
};

/* libstdc++'s ABI, which has no C header. */
char *__cxa_demangle(const char *mangled, char *buffer, size_t *length, int *status);

static const Dwfl_Callbacks callbacks = {
    .find_elf = dwfl_build_id_find_elf,
    .find_debuginfo = dwfl_standard_find_debuginfo,
    .section_address = dwfl_offline_section_address,
};

resolver *resolver_new(const char *strip_path_prefix) {
    resolver *r = calloc(1, sizeof *r);
    if (!r) abort();
    r->dwfl = dwfl_begin(&callbacks);
    r->memory = report_finding_new(0);
    if (strip_path_prefix && *strip_path_prefix) r->strip = strdup(strip_path_prefix);
    return r;
}

void resolver_free(resolver *r) {
    if (!r) return;
    dwfl_end(r->dwfl);
    for (size_t i = 0; i < r->count; i++) free(r->modules[i].path);
    free(r->modules);
    free(r->strip);
    free(r->table);
    report_finding_free(r->memory);
    free(r);
}

static void report_module(resolver *r, const module *m) {
    if (m->path[0] != '/') return; /* [vdso] */
    dwfl_report_begin_add(r->dwfl);
    dwfl_report_elf(r->dwfl, m->path, m->path, -1, m->bias, true);
    dwfl_report_end(r->dwfl, NULL, NULL);
}

void resolver_module(resolver *r, const gr__rec_module *record) {
    module m = {record->low, record->high, record->bias, record->tls, record->tls_size,
                strndup(record->path.text, record->path.length)};
    bool replaced = false;
    for (size_t i = 0; i < r->count; i++) {
        module *old = &r->modules[i];
        if (old->low == m.low && old->bias == m.bias && strcmp(old->path, m.path) == 0) {
            free(m.path);
            return;
        }
        if (m.low < old->high && old->low < m.high) { /* unloaded, and another in its place */
            free(old->path);
            *old = r->modules[--r->count];
            i--;
            replaced = true;
        }
    }
    module *bigger = realloc(r->modules, (r->count + 1) * sizeof m);
    if (!bigger) abort();
    r->modules = bigger;
    r->modules[r->count++] = m;
    if (!replaced) {
        report_module(r, &m);
        return;
    }
    free(r->table);
    r->table = NULL;
    r->room = r->used = 0;
    dwfl_end(r->dwfl);
    r->dwfl = dwfl_begin(&callbacks);
    for (size_t i = 0; i < r->count; i++) report_module(r, &r->modules[i]);
}

static const char *copy(report_finding *f, const char *text) {
    return text ? report_text(f, text, strlen(text)) : NULL;
}

const char *resolver_file_name(resolver *r, report_finding *f, const char *file) {
    if (!file) return NULL;
    const char *at = r->strip ? strstr(file, r->strip) : NULL;
    return copy(f, at ? at + strlen(r->strip) : file);
}

const char *resolver_readable(report_finding *f, const char *symbol) {
    if (!symbol) return "??";
    if (strncmp(symbol, "_Z", 2) == 0) {
        char *plain = __cxa_demangle(symbol, NULL, NULL, NULL);
        if (plain) {
            const char *kept = copy(f, plain);
            free(plain);
            return kept;
        }
    }
    size_t length = strcspn(symbol, "@"); /* memcpy@@GLIBC_2.14 */
    return report_text(f, symbol, length);
}

static bool starts_with(const char *text, const char *prefix) {
    return strncmp(text, prefix, strlen(prefix)) == 0;
}

/* Ours, or what the C library calls main and threads with. */
static bool internal(const char *function, const char *file) {
    static const char *const glue[] = {"start_thread", "clone3", "__clone3", "clone", "__clone",
                                       "_start", "__libc_start_main", "__libc_start_call_main",
                                       "__libc_start_main_impl"};
    if (starts_with(function, "gr__") || starts_with(function, "__tsan_")) return true;
    size_t length = strcspn(function, "@");
    for (size_t i = 0; i < sizeof glue / sizeof glue[0]; i++)
        if (strlen(glue[i]) == length && strncmp(function, glue[i], length) == 0) return true;
    if (!file) return false;
    /* The doors' interceptors bear the name of the function they stand for: they stay. */
    return starts_with(file, GORACE_SOURCE_DIR "/runtime/") ||
           starts_with(file, GORACE_SOURCE_DIR "/detector/engine/") ||
           starts_with(file, GORACE_SOURCE_DIR "/detector/finding/");
}

typedef struct list {
    report_finding *finding;
    report_frame *frames;
    size_t count;
} list;

static void add(list *out, const char *function, const char *file, unsigned line,
                const report_frame *common) {
    report_frame *frame = report_grow(out->finding, (void **)&out->frames, &out->count, sizeof *frame);
    *frame = *common;
    frame->function = function;
    frame->file = file;
    frame->line = line;
}

static unsigned number_of(Dwarf_Die *die, unsigned name) {
    Dwarf_Attribute attribute;
    Dwarf_Word value = 0;
    if (dwarf_formudata(dwarf_attr(die, name, &attribute), &value) != 0) return 0;
    return (unsigned)value;
}

/* The compilation unit of an address. libdwfl looks into .debug_aranges, which clang leaves out: it
 * finds a neighbour then, or nothing. */
static Dwarf_Die *unit_of(Dwfl_Module *mod, Dwarf_Addr at, Dwarf_Addr *bias) {
    Dwarf_Die *unit = dwfl_module_addrdie(mod, at, bias);
    if (unit && dwarf_haspc(unit, at - *bias) > 0) return unit;
    unit = NULL;
    while ((unit = dwfl_module_nextcu(mod, unit, bias)) != NULL)
        if (dwarf_haspc(unit, at - *bias) > 0) return unit;
    return NULL;
}

static void resolve_pc(resolver *r, list *out, uint64_t pc, bool exact, bool with_internal) {
    report_finding *f = out->finding;
    report_frame common = {.pc = pc};
    uint64_t at = pc && !exact ? pc - 1 : pc;
    Dwfl_Module *mod = dwfl_addrmodule(r->dwfl, at);
    if (!mod) {
        add(out, "??", NULL, 0, &common);
        return;
    }
    common.module = copy(f, dwfl_module_info(mod, NULL, NULL, NULL, NULL, NULL, NULL, NULL));
    GElf_Off offset = 0;
    GElf_Sym symbol;
    const char *name = dwfl_module_addrinfo(mod, at, &offset, &symbol, NULL, NULL, NULL);
    GElf_Addr elf_bias = 0;
    if (name) common.offset = offset + (pc - at);
    else if (dwfl_module_getelf(mod, &elf_bias)) common.offset = pc - elf_bias; /* as addr2line wants it */
    const char *function = resolver_readable(f, name);

    const char *file = NULL;
    int line = 0;
    Dwarf_Addr bias = 0;
    Dwarf_Die *unit = unit_of(mod, at, &bias);
    Dwarf_Line *where = unit ? dwarf_getsrc_die(unit, at - bias) : NULL;
    if (where) {
        file = dwarf_linesrc(where, NULL, NULL);
        dwarf_lineno(where, &line);
    }
    Dwarf_Die *inner = NULL, *scopes = NULL;
    int found = unit ? dwarf_getscopes(unit, at - bias, &inner) : 0;
    int count = found > 0 ? dwarf_getscopes_die(&inner[0], &scopes) : 0;
    for (int i = 0; i < count; i++) {
        if (dwarf_tag(&scopes[i]) == DW_TAG_subprogram) break;
        if (dwarf_tag(&scopes[i]) != DW_TAG_inlined_subroutine) continue;
        Dwarf_Attribute linkage;
        const char *inlined = dwarf_formstring(
            dwarf_attr_integrate(&scopes[i], DW_AT_linkage_name, &linkage));
        if (!inlined) inlined = dwarf_diename(&scopes[i]);
        if (inlined && (with_internal || !internal(inlined, file)))
            add(out, resolver_readable(f, inlined), resolver_file_name(r, f, file), (unsigned)line, &common);
        Dwarf_Files *files;
        if (dwarf_getsrcfiles(unit, &files, NULL) != 0) break;
        file = dwarf_filesrc(files, number_of(&scopes[i], DW_AT_call_file), NULL, NULL);
        line = (int)number_of(&scopes[i], DW_AT_call_line);
    }
    free(scopes);
    free(inner);
    if (with_internal || !internal(name ? name : "", file))
        add(out, function, resolver_file_name(r, f, file), (unsigned)line, &common);
}

/* --- what is known already --- */

static uint64_t hash_of(gr__stack_pcs pcs, bool exact, bool whole) {
    uint64_t h = pcs.count * 4u + exact * 2u + whole;
    for (uint32_t i = 0; i < pcs.count; i++)
        h = (h ^ (h >> 29) ^ gr__stack_pc(pcs, i)) * UINT64_C(0x9e3779b97f4a7c15);
    return h ^ h >> 32;
}

static bool same(const known *k, gr__stack_pcs pcs, bool exact, bool whole) {
    return k->exact == exact && k->whole == whole && k->count == pcs.count &&
           memcmp(k->pcs, pcs.pcs, pcs.count * sizeof *k->pcs) == 0;
}

static known *slot_of(resolver *r, gr__stack_pcs pcs, bool exact, bool whole) {
    size_t at = hash_of(pcs, exact, whole) & (r->room - 1);
    while (r->table[at].pcs && !same(&r->table[at], pcs, exact, whole)) at = (at + 1) & (r->room - 1);
    return &r->table[at];
}

static void enlarge(resolver *r) {
    known *old = r->table;
    size_t n = r->room;
    r->room = n ? 2 * n : 256;
    r->table = calloc(r->room, sizeof *r->table);
    if (!r->table) abort();
    for (size_t i = 0; i < n; i++)
        if (old[i].pcs)
            *slot_of(r, (gr__stack_pcs){old[i].pcs, old[i].count}, old[i].exact, old[i].whole) = old[i];
    free(old);
}

static void learn(resolver *r, gr__stack_pcs pcs, bool exact, bool whole, report_stack stack) {
    if (2 * r->used >= r->room) enlarge(r);
    uint64_t *kept = obstack_copy(&r->memory->memory, pcs.pcs, pcs.count * sizeof *kept);
    *slot_of(r, pcs, exact, whole) = (known){kept, pcs.count, exact, whole, stack};
    r->used++;
}

static const known *find(resolver *r, gr__stack_pcs pcs, bool exact, bool whole) {
    known *k = r->room ? slot_of(r, pcs, exact, whole) : NULL;
    return k && k->pcs ? k : NULL;
}

static report_stack place(resolver *r, uint64_t pc, bool exact) {
    gr__stack_pcs one = {&pc, 1};
    const known *k = find(r, one, exact, false);
    if (k) return k->stack;
    list out = {r->memory, NULL, 0};
    resolve_pc(r, &out, pc, exact, false);
    report_stack s = {out.frames, out.count};
    learn(r, one, exact, false, s);
    return s;
}

report_stack resolver_frames(resolver *r, gr__stack_pcs pcs, bool exact) {
    if (pcs.count == 0) return (report_stack){NULL, 0};
    const known *k = find(r, pcs, exact, true);
    if (k) return k->stack;
    report_stack s = {NULL, 0};
    for (uint32_t i = 0; i < pcs.count; i++) {
        report_stack more = place(r, gr__stack_pc(pcs, i), exact && i == 0);
        for (size_t n = 0; n < more.count; n++)
            *(report_frame *)report_grow(r->memory, (void **)&s.frames, &s.count, sizeof *s.frames) =
                more.frames[n];
    }
    learn(r, pcs, exact, true, s);
    return s;
}

report_stack resolver_stack(resolver *r, gr__stack_pcs pcs) {
    report_stack s = resolver_frames(r, pcs, true);
    if (s.count || !pcs.count) return s;
    list out = {r->memory, NULL, 0}; /* nothing but our own: better than no place */
    resolve_pc(r, &out, gr__stack_pc(pcs, 0), true, true);
    return (report_stack){out.frames, out.count};
}

Dwfl *resolver_dwfl(resolver *r) { return r->dwfl; }

bool resolver_tls_module(const resolver *r, uint64_t before_end, uint64_t *low, uint64_t *offset) {
    int64_t end = INT64_MIN;
    for (size_t i = 0; i < r->count; i++) {
        const module *m = &r->modules[i];
        if (m->tls_size && (int64_t)(m->tls + m->tls_size) > end) end = (int64_t)(m->tls + m->tls_size);
    }
    for (size_t i = 0; i < r->count; i++) {
        const module *m = &r->modules[i];
        *low = m->low;
        *offset = (uint64_t)end - before_end - m->tls;
        if (*offset < m->tls_size) return true;
    }
    return false;
}
