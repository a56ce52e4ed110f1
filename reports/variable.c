/* variable.c - which variable lies at an address, which part of it, and where it is declared: from the
 * symbol table, and from DWARF where there is some. */
#include "reports/resolve.h"

#include <dwarf.h>
#include <elfutils/libdw.h>
#include <elfutils/libdwfl.h>
#include <stdio.h>
#include <string.h>

/* --- where DWARF says that a variable lies --- */

typedef struct place {
    Dwarf_Addr value; /* address, or offset in thread-local storage */
    bool tls;
} place;

static bool operand(Dwarf_Attribute *location, const Dwarf_Op *op, Dwarf_Addr *out) {
    Dwarf_Attribute indexed;
    switch (op->atom) {
    case DW_OP_addr:
    case DW_OP_const4u:
    case DW_OP_const8u: *out = op->number; return true;
    case DW_OP_addrx:
    case DW_OP_GNU_addr_index:
        return dwarf_getlocation_attr(location, op, &indexed) == 0 && dwarf_formaddr(&indexed, out) == 0;
    case DW_OP_constx:
    case DW_OP_GNU_const_index:
        return dwarf_getlocation_attr(location, op, &indexed) == 0 && dwarf_formudata(&indexed, out) == 0;
    default: return false;
    }
}

static bool lies_at(Dwarf_Die *die, place wanted) {
    Dwarf_Attribute location;
    Dwarf_Op *ops;
    size_t count;
    Dwarf_Addr value;
    if (dwarf_getlocation(dwarf_attr(die, DW_AT_location, &location), &ops, &count) != 0 || count == 0) return false;
    bool tls = count > 1 && (ops[1].atom == DW_OP_form_tls_address || ops[1].atom == DW_OP_GNU_push_tls_address);
    return tls == wanted.tls && operand(&location, &ops[0], &value) && value == wanted.value;
}

/* Variables of a file, and static ones of its functions. */
static bool find_in(Dwarf_Die *parent, place wanted, Dwarf_Die *out) {
    Dwarf_Die die;
    if (dwarf_child(parent, &die) != 0) return false;
    do {
        switch (dwarf_tag(&die)) {
        case DW_TAG_variable:
            if (!lies_at(&die, wanted)) break;
            *out = die;
            return true;
        case DW_TAG_subprogram:
        case DW_TAG_lexical_block:
        case DW_TAG_namespace:
            if (find_in(&die, wanted, out)) return true;
            break;
        default: break;
        }
    } while (dwarf_siblingof(&die, &die) == 0);
    return false;
}

/* --- which part of it --- */

/* What they are made of is of no interest. */
static bool is_synchronisation(const char *type) {
    static const char *const types[] = {
        "pthread_mutex_t", "pthread_rwlock_t", "pthread_cond_t", "pthread_spinlock_t", "pthread_barrier_t",
        "pthread_once_t", "sem_t", "mtx_t", "cnd_t", "once_flag", "gr_mutex", "gr_rwmutex", "gr_waitgroup",
        "gr_once", "gr_cond", "gr_sem"};
    for (size_t i = 0; type && i < sizeof types / sizeof types[0]; i++)
        if (strcmp(type, types[i]) == 0) return true;
    return false;
}

static bool type_of(Dwarf_Die *die, Dwarf_Die *out) {
    Dwarf_Attribute type;
    return dwarf_formref_die(dwarf_attr_integrate(die, DW_AT_type, &type), out) != NULL;
}

/* Down to what has parts; true: a lock or the like, whose name is *name. */
static bool peel(Dwarf_Die *type, const char **name) {
    for (;;) {
        switch (dwarf_tag(type)) {
        case DW_TAG_typedef:
        case DW_TAG_structure_type:
            if (is_synchronisation(dwarf_diename(type))) {
                *name = dwarf_diename(type);
                return true;
            }
            if (dwarf_tag(type) == DW_TAG_structure_type) return false;
            break;
        case DW_TAG_const_type:
        case DW_TAG_volatile_type:
        case DW_TAG_atomic_type: break;
        default: return false;
        }
        if (!type_of(type, type)) return false;
    }
}

static bool constant(Dwarf_Die *die, unsigned name, uint64_t *out) {
    Dwarf_Attribute attribute;
    return dwarf_formudata(dwarf_attr(die, name, &attribute), out) == 0;
}

enum { DIMENSIONS = 8 };

/* Into the element of an array that *offset is in. */
static bool into_element(Dwarf_Die *type, uint64_t *offset, FILE *path) {
    uint64_t counts[DIMENSIONS], stride;
    int dimensions = 0;
    Dwarf_Die child, element;
    if (!type_of(type, &element) || dwarf_aggregate_size(&element, &stride) != 0 || !stride) return false;
    if (dwarf_child(type, &child) != 0) return false;
    do {
        uint64_t bound = 0;
        if (dwarf_tag(&child) != DW_TAG_subrange_type || dimensions == DIMENSIONS) continue;
        if (!constant(&child, DW_AT_count, &bound) && constant(&child, DW_AT_upper_bound, &bound)) bound++;
        counts[dimensions++] = bound ? bound : 1;
    } while (dwarf_siblingof(&child, &child) == 0);
    for (int i = 0; i < dimensions; i++) {
        uint64_t step = stride;
        for (int inner = i + 1; inner < dimensions; inner++) step *= counts[inner];
        fprintf(path, "[%llu]", (unsigned long long)(*offset / step));
        *offset %= step;
    }
    *type = element;
    return dimensions > 0;
}

/* Into the member of a structure that *offset is in: none in a union, nor where bits share a byte. */
static bool into_member(Dwarf_Die *type, uint64_t *offset, FILE *path) {
    Dwarf_Die child, member;
    if (dwarf_child(type, &child) != 0) return false;
    do {
        uint64_t at, size;
        int tag = dwarf_tag(&child);
        if ((tag != DW_TAG_member && tag != DW_TAG_inheritance) || dwarf_hasattr(&child, DW_AT_bit_size)) continue;
        if (!constant(&child, DW_AT_data_member_location, &at) || !type_of(&child, &member)) continue;
        if (dwarf_aggregate_size(&member, &size) != 0 || *offset < at || *offset - at >= size) continue;
        if (tag == DW_TAG_member && dwarf_diename(&child)) fprintf(path, ".%s", dwarf_diename(&child));
        *offset -= at;
        *type = member;
        return true;
    } while (dwarf_siblingof(&child, &child) == 0);
    return false;
}

static void find_part(report_finding *f, report_location *l, Dwarf_Die *variable) {
    Dwarf_Die type;
    uint64_t offset = l->address - l->low;
    char *text = NULL;
    const char *name = NULL;
    size_t length = 0;
    FILE *path = open_memstream(&text, &length);
    if (!path) abort();
    fputs(l->name, path);
    for (bool inside = type_of(variable, &type); inside;) {
        if (peel(&type, &name)) break;
        switch (dwarf_tag(&type)) {
        case DW_TAG_array_type: inside = into_element(&type, &offset, path); break;
        case DW_TAG_structure_type:
        case DW_TAG_class_type: inside = into_member(&type, &offset, path); break;
        default: inside = false; break;
        }
    }
    fclose(path);
    if (name) l->type = report_text(f, name, strlen(name));
    if (strcmp(text, l->name) != 0) l->member = report_text(f, text, length);
    free(text);
}

/* libdw takes file 0 for none, which it is the name of since DWARF 5. */
static const char *file_of(Dwarf_Die *unit, Dwarf_Die *die) {
    Dwarf_Attribute attribute;
    Dwarf_Word number;
    Dwarf_Files *files;
    if (dwarf_formudata(dwarf_attr_integrate(die, DW_AT_decl_file, &attribute), &number) != 0 ||
        dwarf_getsrcfiles(unit, &files, NULL) != 0)
        return NULL;
    return dwarf_filesrc(files, number, NULL, NULL);
}

static bool describe_in(resolver *r, report_finding *f, report_location *l, Dwarf_Die *unit, place where) {
    Dwarf_Die die;
    if (!find_in(unit, where, &die)) return false;
    Dwarf_Attribute linkage;
    const char *name = dwarf_diename(&die);
    if (name && !dwarf_attr_integrate(&die, DW_AT_linkage_name, &linkage))
        l->name = report_text(f, name, strlen(name)); /* without ".0" of static ones */
    l->file = resolver_file_name(r, f, file_of(unit, &die));
    int line = 0;
    if (dwarf_decl_line(&die, &line) == 0) l->line = (unsigned)line;
    find_part(f, l, &die);
    return true;
}

/* Some compilers say which unit has the address; else each is asked. */
static void describe(resolver *r, report_finding *f, report_location *l, Dwfl_Module *mod, uint64_t value, bool tls) {
    Dwarf_Addr bias = 0;
    Dwarf_Die *unit = tls ? NULL : dwfl_module_addrdie(mod, value, &bias);
    if (unit && describe_in(r, f, l, unit, (place){value - bias, false})) return;
    unit = NULL;
    while ((unit = dwfl_module_nextcu(mod, unit, &bias)) != NULL)
        if (describe_in(r, f, l, unit, (place){tls ? value : value - bias, tls})) return;
}

static const char *path_of(report_finding *f, Dwfl_Module *mod, Dwarf_Addr *low) {
    const char *path = dwfl_module_info(mod, NULL, low, NULL, NULL, NULL, NULL, NULL);
    return path ? report_text(f, path, strlen(path)) : NULL;
}

void resolver_variable(resolver *r, report_finding *f, report_location *location) {
    Dwfl_Module *mod = dwfl_addrmodule(resolver_dwfl(r), location->address);
    if (!mod) return;
    GElf_Off offset = 0;
    GElf_Sym symbol;
    const char *name = dwfl_module_addrinfo(mod, location->address, &offset, &symbol, NULL, NULL, NULL);
    location->kind = GR__LOCATION_GLOBAL;
    location->module = path_of(f, mod, &location->low);
    if (!name || GELF_ST_TYPE(symbol.st_info) != STT_OBJECT || offset >= symbol.st_size) return;
    location->low = location->address - offset;
    location->size = symbol.st_size;
    location->name = resolver_readable(f, name);
    describe(r, f, location, mod, location->low, false);
}

void resolver_thread_local(resolver *r, report_finding *f, report_location *location, uint64_t module,
                           uint64_t offset) {
    uint64_t before_end = location->low + location->size - location->address;
    if (!module && !resolver_tls_module(r, before_end, &module, &offset)) return;
    Dwfl_Module *mod = dwfl_addrmodule(resolver_dwfl(r), module);
    if (!mod) return;
    location->module = path_of(f, mod, NULL);
    int symbols = dwfl_module_getsymtab(mod);
    for (int i = 1; i < symbols; i++) {
        GElf_Sym symbol;
        GElf_Addr adjusted; /* as if it were an address */
        const char *name = dwfl_module_getsym_info(mod, i, &symbol, &adjusted, NULL, NULL, NULL);
        if (!name || GELF_ST_TYPE(symbol.st_info) != STT_TLS || symbol.st_shndx == SHN_UNDEF ||
            offset - symbol.st_value >= symbol.st_size)
            continue;
        location->low = location->address - (offset - symbol.st_value);
        location->size = symbol.st_size;
        location->name = resolver_readable(f, name);
        describe(r, f, location, mod, symbol.st_value, true);
        return;
    }
}
