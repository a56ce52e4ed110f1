/* elf.c - reads symbol tables with libelf. */
#include "cli/elf.h"

#include <fcntl.h>
#include <gelf.h>
#include <libelf.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

/* Calls visit for every symbol until it returns true; false at the end. */
static bool each_symbol(Elf *elf, bool (*visit)(const char *name, const GElf_Sym *symbol, void *argument),
                        void *argument) {
    Elf_Scn *section = NULL;
    while ((section = elf_nextscn(elf, section)) != NULL) {
        GElf_Shdr header;
        if (!gelf_getshdr(section, &header)) continue;
        if (header.sh_type != SHT_SYMTAB && header.sh_type != SHT_DYNSYM) continue;
        Elf_Data *data = elf_getdata(section, NULL);
        if (!data || !header.sh_entsize) continue;
        for (size_t i = 0; i < header.sh_size / header.sh_entsize; i++) {
            GElf_Sym symbol;
            if (!gelf_getsym(data, (int)i, &symbol)) continue;
            const char *name = elf_strptr(elf, header.sh_link, symbol.st_name);
            if (name && visit(name, &symbol, argument)) return true;
        }
    }
    return false;
}

static bool is_door(const char *name, const GElf_Sym *symbol, void *argument) {
    (void)argument; /* the compiler's own runtime has the doors too, but not the engine; when the
                       symbols are stripped the doors are what stays visible */
    return symbol->st_shndx != SHN_UNDEF &&
           (strcmp(name, "gr__engine_init") == 0 || strcmp(name, "__tsan_func_entry") == 0);
}

enum cli_elf_kind cli_elf_look(const char *path) {
    elf_version(EV_CURRENT);
    int fd = open(path, O_RDONLY | O_CLOEXEC);
    Elf *elf = fd < 0 ? NULL : elf_begin(fd, ELF_C_READ, NULL);
    enum cli_elf_kind kind = CLI_ELF_NONE;
    if (elf && elf_kind(elf) == ELF_K_ELF)
        kind = each_symbol(elf, is_door, NULL) ? CLI_ELF_INSTRUMENTED : CLI_ELF_PLAIN;
    elf_end(elf);
    if (fd >= 0) close(fd);
    return kind;
}

static bool is_other_mark(const char *name, const GElf_Sym *symbol, void *argument) {
    (void)symbol;
    if (strncmp(name, CLI_OBJECT_MARK, strlen(CLI_OBJECT_MARK)) != 0) return false;
    const char *version = name + strlen(CLI_OBJECT_MARK);
    if (strcmp(version, CLI_OBJECT_VERSION) == 0) return false;
    *(char **)argument = strdup(version);
    return true;
}

char *cli_elf_other_version(const char *path) {
    elf_version(EV_CURRENT);
    char *version = NULL;
    int fd = open(path, O_RDONLY | O_CLOEXEC);
    Elf *elf = fd < 0 ? NULL : elf_begin(fd, ELF_C_READ, NULL);
    if (elf && elf_kind(elf) == ELF_K_AR) { /* a library: every member */
        Elf *member;
        Elf_Cmd next = ELF_C_READ;
        while (!version && (member = elf_begin(fd, next, elf)) != NULL) {
            if (elf_kind(member) == ELF_K_ELF) each_symbol(member, is_other_mark, &version);
            next = elf_next(member);
            elf_end(member);
        }
    } else if (elf && elf_kind(elf) == ELF_K_ELF) {
        each_symbol(elf, is_other_mark, &version);
    }
    elf_end(elf);
    if (fd >= 0) close(fd);
    return version;
}
