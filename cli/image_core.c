/* image_core.c - a core dump as an image. The file is mapped; memory that the kernel left out of it because a
 * file holds it (code, constants) is read from that file. */
#include "cli/image.h"

#include "cli/cli.h"

#include <elf.h>
#include <elfutils/libdwelf.h>
#include <errno.h>
#include <fcntl.h>
#include <gelf.h>
#include <inttypes.h>
#include <libelf.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/procfs.h>
#include <sys/stat.h>
#include <sys/user.h>
#include <unistd.h>

typedef struct segment {
    uint64_t low, in_file, high, offset; /* [low, in_file) is at offset */
    uint64_t changed;                    /* up to there it may be other than in the file that it was mapped from */
} segment;

typedef struct image_core {
    const char *path, *bytes;
    uint64_t size;
    uint64_t headers_at;        /* of the executable, in memory */
    segment *segments;          /* by address */
    size_t count, last;
    int *files;                 /* of the mappings, opened when first read: 0: not yet, else descriptor + 1 */
} image_core;

/* --- memory --- */

static const segment *segment_of(image_core *core, uint64_t address) {
    const segment *s = &core->segments[core->last];
    if (core->count && address >= s->low && address < s->high) return s;
    size_t low = 0, high = core->count;
    while (low < high) {
        size_t middle = (low + high) / 2;
        if (core->segments[middle].high <= address) low = middle + 1;
        else high = middle;
    }
    if (low == core->count || address < core->segments[low].low) return NULL;
    core->last = low;
    return &core->segments[low];
}

static size_t read_mapped_file(image *im, uint64_t from, void *to, size_t n) {
    const image_mapping *m = image_mapping_of(im, from);
    if (!m) return 0;
    int *file = &im->core->files[m - im->mappings];
    if (!*file) *file = open(m->path, O_RDONLY | O_CLOEXEC) + 1;
    if (!*file) return 0;
    if (n > m->high - from) n = m->high - from;
    ssize_t got = pread(*file - 1, to, n, (off_t)(m->offset + (from - m->low)));
    return got > 0 ? (size_t)got : 0;
}

static size_t core_read(image *im, uint64_t from, void *to, size_t n) {
    image_core *core = im->core;
    size_t got = 0;
    while (got < n) {
        uint64_t at = from + got;
        const segment *s = segment_of(core, at);
        size_t more = n - got, there = 0;
        if (s && at < s->in_file) {
            there = s->in_file - at < more ? s->in_file - at : more;
            memcpy((char *)to + got, core->bytes + s->offset + (at - s->low), there);
        } else if (!s || at >= s->changed) {
            there = read_mapped_file(im, at, (char *)to + got, more);
        }
        if (!there) break;
        got += there;
    }
    return got;
}

static int by_address(const void *a, const void *b) {
    const segment *x = a, *y = b;
    return x->low < y->low ? -1 : x->low > y->low;
}

/* The last byte that the core speaks of; what lies beyond its end is left out. */
static void find_segments(image *im, Elf *elf, size_t headers) {
    image_core *core = im->core;
    core->segments = calloc(headers + 1, sizeof *core->segments);
    if (!core->segments) abort();
    uint64_t wanted = 0;
    for (size_t i = 0; i < headers; i++) {
        GElf_Phdr h;
        if (!gelf_getphdr(elf, (int)i, &h) || h.p_type != PT_LOAD) continue;
        uint64_t end = h.p_offset + h.p_filesz, there = h.p_filesz;
        if (end > wanted) wanted = end;
        if (end > core->size) there = core->size > h.p_offset ? core->size - h.p_offset : 0;
        core->segments[core->count++] = (segment){h.p_vaddr, h.p_vaddr + there, h.p_vaddr + h.p_memsz, h.p_offset,
                                                    h.p_flags & PF_W ? h.p_vaddr + h.p_filesz : h.p_vaddr};
    }
    qsort(core->segments, core->count, sizeof *core->segments, by_address);
    im->cut = wanted > core->size;
    if (im->cut)
        cli_complain("%s is cut: it has %" PRIu64 " of %" PRIu64 " bytes, and this is what those tell", core->path,
                     core->size, wanted);
}

/* --- notes --- */

static void add_mapping(image *im, image_mapping m) {
    if ((im->mapping_count & (im->mapping_count - 1)) == 0) {
        size_t room = im->mapping_count ? 2 * im->mapping_count : 1;
        im->mappings = realloc(im->mappings, room * sizeof m);
        if (!im->mappings) abort();
    }
    im->mappings[im->mapping_count++] = m;
}

/* NT_FILE: how many, the size of a page; low, high and page of each; their names. */
static void take_files(image *im, const char *bytes, size_t length) {
    uint64_t head[2], m[3];
    if (length < sizeof head) return;
    memcpy(head, bytes, sizeof head);
    if (head[0] > (length - sizeof head) / sizeof m) return;
    const char *name = bytes + sizeof head + head[0] * sizeof m, *end = bytes + length;
    for (uint64_t i = 0; i < head[0] && name < end; i++) {
        size_t n = strnlen(name, (size_t)(end - name));
        memcpy(m, bytes + sizeof head + i * sizeof m, sizeof m);
        add_mapping(im, (image_mapping){m[0], m[1], m[2] * head[1], strndup(name, n)});
        name += n + 1;
    }
}

static void take_thread(image *im, const char *bytes, size_t length) {
    struct elf_prstatus status;
    if (length < sizeof status) return;
    memcpy(&status, bytes, sizeof status);
    if ((im->thread_count & (im->thread_count - 1)) == 0) {
        size_t room = im->thread_count ? 2 * im->thread_count : 1;
        im->threads = realloc(im->threads, room * sizeof *im->threads);
        if (!im->threads) abort();
    }
    image_thread *t = &im->threads[im->thread_count++];
    *t = (image_thread){.tid = status.pr_pid, .stands = true, .exact = true, .call = -1};
    struct user_regs_struct u;
    memcpy(&u, status.pr_reg, sizeof u);
#if defined(__x86_64__)
    const unsigned long long values[GR__REGISTERS] = {u.rax, u.rdx, u.rcx, u.rbx, u.rsi, u.rdi, u.rbp, u.rsp,
        u.r8, u.r9, u.r10, u.r11, u.r12, u.r13, u.r14, u.r15};
    for (unsigned i = 0; i < GR__REGISTERS; i++) gr__register_set(&t->registers, i, values[i]);
    t->registers.pc = u.rip;
    t->pointer = u.fs_base;
    t->call = (int64_t)u.orig_rax;
    t->argument = u.rdi;
#elif defined(__aarch64__)
    for (unsigned i = 0; i < 31; i++) gr__register_set(&t->registers, i, u.regs[i]);
    gr__register_set(&t->registers, GR__REGISTER_SP, u.sp);
    t->registers.pc = u.pc;
    t->argument = u.regs[0];
#endif
}

static void take_vector(image *im, const char *bytes, size_t length) {
    Elf64_auxv_t word;
    for (; length >= sizeof word; bytes += sizeof word, length -= sizeof word) {
        memcpy(&word, bytes, sizeof word);
        if (word.a_type == AT_PHDR) im->core->headers_at = word.a_un.a_val;
    }
}

static void take_note(image *im, const GElf_Nhdr *note, const char *bytes) {
    image_thread *last = im->thread_count ? &im->threads[im->thread_count - 1] : NULL;
    struct elf_prpsinfo about;
    if (note->n_type == NT_PRSTATUS) take_thread(im, bytes, note->n_descsz);
    if (note->n_type == NT_FILE) take_files(im, bytes, note->n_descsz);
    if (note->n_type == NT_AUXV) take_vector(im, bytes, note->n_descsz);
    if (note->n_type == NT_ARM_TLS && last && note->n_descsz >= 8) memcpy(&last->pointer, bytes, 8);
    if (note->n_type == NT_PRPSINFO && note->n_descsz >= sizeof about) {
        memcpy(&about, bytes, sizeof about);
        im->pid = im->pid_inside = (uint64_t)about.pr_pid;
    }
}

static void read_notes(image *im, Elf *elf, size_t headers) {
    for (size_t i = 0; i < headers; i++) {
        GElf_Phdr h;
        if (!gelf_getphdr(elf, (int)i, &h) || h.p_type != PT_NOTE) continue;
        if (h.p_offset + h.p_filesz > im->core->size)
            cli_fail("%s is cut before its notes end: make a whole one", im->core->path);
        Elf_Data *data = elf_getdata_rawchunk(elf, (int64_t)h.p_offset, h.p_filesz, ELF_T_NHDR);
        GElf_Nhdr note;
        size_t name, described;
        for (size_t at = 0; data && (at = gelf_getnote(data, at, &note, &name, &described)) > 0;)
            take_note(im, &note, (const char *)data->d_buf + described);
    }
}

/* --- files --- */

/* The executable is what holds the program headers that the auxiliary vector names. */
static void find_program(image *im, const char *program) {
    const image_mapping *first = image_mapping_of(im, im->core->headers_at);
    if (!first) cli_fail("%s does not say which files were mapped: cores of Linux 3.7 and later do", im->core->path);
    char *old = strdup(first->path), *whole = program ? realpath(program, NULL) : NULL;
    if (program && !whole) cli_fail("can't read %s: %s", program, strerror(errno));
    for (size_t i = 0; whole && i < im->mapping_count; i++) {
        if (strcmp(im->mappings[i].path, old) != 0) continue;
        free(im->mappings[i].path);
        im->mappings[i].path = strdup(whole);
    }
    im->executable = whole ? whole : old;
}

/* What memory says its build is, against what the file says. */
static void check_files(image *im) {
    for (size_t i = 0; i < im->module_count; i++) {
        image_module *m = &im->modules[i];
        int fd = open(m->path, O_RDONLY | O_CLOEXEC);
        if (fd < 0) {
            m->usable = false;
            cli_complain("can't read %s: %s: its functions have no names%s", m->path, strerror(errno),
                         strcmp(m->path, im->executable) == 0 ? " (--program=FILE says where it is)" : "");
            continue;
        }
        Elf *elf = elf_begin(fd, ELF_C_READ_MMAP, NULL);
        const void *id;
        ssize_t n = elf ? dwelf_elf_gnu_build_id(elf, &id) : -1;
        char words[64] = "";
        for (ssize_t at = 0; at < n && at < 31; at++)
            snprintf(words + 2 * at, 3, "%02x", ((const unsigned char *)id)[at]);
        if (n > 0 && m->build_id[0] && strcmp(words, m->build_id) != 0) {
            m->usable = false;
            cli_complain("%s is another build than the one that the core is of: its functions have no names",
                         m->path);
        }
        elf_end(elf);
        close(fd);
    }
}

static _Noreturn void fail_as(const char *path, Elf64_Half type) {
    if (type == ET_EXEC || type == ET_DYN)
        cli_fail("%s is a program, not a core: give the number of its process, or a core dump", path);
    cli_fail("%s is no core dump", path);
}

image *image_of_core(const char *path, const char *program) {
    image *im = calloc(1, sizeof *im);
    image_core *core = im ? im->core = calloc(1, sizeof *core) : NULL;
    if (!core) abort();
    core->path = path;
    im->read = core_read;
    int fd = open(path, O_RDONLY | O_CLOEXEC);
    struct stat about;
    if (fd < 0 || fstat(fd, &about) != 0) cli_fail("can't read %s: %s", path, strerror(errno));
    core->size = (uint64_t)about.st_size;
    Elf64_Ehdr head;
    if (core->size < sizeof head) cli_fail("%s is cut before its header ends: make a whole one", path);
    core->bytes = mmap(NULL, core->size, PROT_READ, MAP_PRIVATE, fd, 0);
    if (core->bytes == MAP_FAILED) cli_fail("can't read %s: %s", path, strerror(errno));
    memcpy(&head, core->bytes, sizeof head);
    if (head.e_type != ET_CORE) fail_as(path, head.e_type);
    if (head.e_ident[EI_CLASS] != ELFCLASS64 || head.e_ident[EI_DATA] != ELFDATA2LSB || head.e_machine != GR__MACHINE)
        cli_fail("%s is of another machine (number %u of ELF): look at it with the gorace of that machine", path,
                 head.e_machine);
    elf_version(EV_CURRENT);
    Elf *elf = elf_begin(fd, ELF_C_READ_MMAP, NULL);
    size_t headers;
    if (!elf || elf_getphdrnum(elf, &headers) != 0 || !headers ||
        head.e_phoff > core->size ||
        (head.e_phnum == PN_XNUM ? headers : head.e_phnum) > (core->size - head.e_phoff) / sizeof(Elf64_Phdr))
        cli_fail("%s is cut before its headers end: make a whole one", path);
    read_notes(im, elf, headers);
    find_segments(im, elf, headers);
    find_program(im, program);
    core->files = calloc(im->mapping_count + 1, sizeof *core->files);
    if (!core->files) abort();
    elf_end(elf);
    close(fd);
    image_find_modules(im);
    check_files(im);
    return im;
}

void image_core_free(image_core *core) {
    if (!core) return;
    munmap((void *)(uintptr_t)core->bytes, core->size);
    free(core->segments);
    free(core->files);
    free(core);
}
