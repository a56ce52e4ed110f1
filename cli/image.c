/* image.c - see image.h: what processes and cores have in common. ELF headers are read from memory, where
 * they are what the program runs, whatever became of its files. */
#include "cli/image.h"

#include "cli/cli.h"

#include <elf.h>
#include <stdlib.h>
#include <string.h>

enum { MOST_HEADERS = 256, MOST_NOTES = 1 << 16 };

size_t image_read(image *im, uint64_t from, void *to, size_t n) { return im->read(im, from, to, n); }

bool image_read_all(image *im, uint64_t from, void *to, size_t n) { return image_read(im, from, to, n) == n; }

const image_mapping *image_mapping_of(const image *im, uint64_t address) {
    for (size_t i = 0; i < im->mapping_count; i++)
        if (address >= im->mappings[i].low && address < im->mappings[i].high) return &im->mappings[i];
    return NULL;
}

/* --- ELF objects --- */

typedef struct object {
    uint64_t bias;
    Elf64_Phdr headers[MOST_HEADERS];
    unsigned count;
} object;

static bool read_object(image *im, uint64_t at, object *o) {
    Elf64_Ehdr head;
    if (!image_read_all(im, at, &head, sizeof head) || memcmp(head.e_ident, ELFMAG, SELFMAG) != 0 ||
        head.e_ident[EI_CLASS] != ELFCLASS64 || head.e_phentsize != sizeof(Elf64_Phdr) ||
        head.e_phnum > MOST_HEADERS ||
        !image_read_all(im, at + head.e_phoff, o->headers, head.e_phnum * sizeof(Elf64_Phdr)))
        return false;
    o->count = head.e_phnum;
    for (unsigned i = 0; i < o->count; i++) {
        const Elf64_Phdr *h = &o->headers[i];
        if (h->p_type != PT_LOAD || h->p_offset >= h->p_align) continue;
        o->bias = at - (h->p_vaddr - h->p_offset); /* the one whose pages begin with the file's */
        return true;
    }
    return false;
}

/* It is there to be run, and not to be read, as debuggers do. */
static bool runs(const image *im, const object *o, const image_mapping *first) {
    for (unsigned i = 0; i < o->count; i++) {
        if (o->headers[i].p_type != PT_LOAD || !(o->headers[i].p_flags & PF_X)) continue;
        const image_mapping *m = image_mapping_of(im, o->bias + o->headers[i].p_vaddr);
        return m && strcmp(m->path, first->path) == 0;
    }
    return false;
}

/* Visit the notes of an object until one is taken. */
static bool each_note(image *im, const object *o,
                      bool (*visit)(const char *name, uint32_t type, const char *bytes, size_t length,
                                    uint64_t at, void *argument),
                      void *argument) {
    bool taken = false;
    for (unsigned i = 0; i < o->count && !taken; i++) {
        const Elf64_Phdr *h = &o->headers[i];
        if (h->p_type != PT_NOTE || h->p_filesz > MOST_NOTES) continue;
        char *bytes = malloc(h->p_filesz + 1);
        if (!bytes) abort();
        uint64_t low = o->bias + h->p_vaddr;
        size_t length = image_read(im, low, bytes, h->p_filesz), step = h->p_align == 8 ? 8 : 4;
        for (size_t at = 0; at + sizeof(Elf64_Nhdr) <= length && !taken;) {
            Elf64_Nhdr note;
            memcpy(&note, bytes + at, sizeof note);
            size_t name = at + sizeof note, described = (name + note.n_namesz + step - 1) & ~(step - 1);
            if (note.n_namesz > length || note.n_descsz > length || described + note.n_descsz > length) break;
            if (note.n_namesz && bytes[name + note.n_namesz - 1] == 0)
                taken = visit(bytes + name, note.n_type, bytes + described, note.n_descsz, low + described,
                              argument);
            at = (described + note.n_descsz + step - 1) & ~(step - 1);
        }
        free(bytes);
    }
    return taken;
}

static bool take_build_id(const char *name, uint32_t type, const char *bytes, size_t length, uint64_t at,
                          void *argument) {
    (void)at;
    char *out = argument;
    if (type != NT_GNU_BUILD_ID || strcmp(name, "GNU") != 0) return false;
    for (size_t i = 0; i < length && i < 31; i++) {
        *out++ = "0123456789abcdef"[(unsigned char)bytes[i] >> 4];
        *out++ = "0123456789abcdef"[bytes[i] & 15];
    }
    *out = 0;
    return true;
}

void image_find_modules(image *im) {
    for (size_t i = 0; i < im->mapping_count; i++) {
        const image_mapping *first = &im->mappings[i];
        object o = {0};
        if (first->offset || !read_object(im, first->low, &o) || !runs(im, &o, first)) continue;
        image_module m = {.low = UINT64_MAX, .bias = o.bias, .path = first->path, .usable = true};
        for (unsigned n = 0; n < o.count; n++) {
            const Elf64_Phdr *h = &o.headers[n];
            if (h->p_type != PT_LOAD) continue;
            uint64_t low = o.bias + h->p_vaddr, high = low + h->p_memsz;
            if (low < m.low) m.low = low;
            if (high > m.high) m.high = high;
        }
        each_note(im, &o, take_build_id, m.build_id);
        im->modules = realloc(im->modules, (im->module_count + 1) * sizeof m);
        if (!im->modules) abort();
        im->modules[im->module_count++] = m;
    }
}

/* --- the description --- */

typedef struct search {
    image *im;
    gr__anatomy found;
    uint64_t found_at;
    bool any, other, missing;
} search;

static bool take_anatomy(const char *name, uint32_t type, const char *bytes, size_t length, uint64_t at,
                         void *argument) {
    search *s = argument;
    gr__anatomy_note note;
    if (type != GR__ANATOMY_NOTE || strcmp(name, GR__ANATOMY_NOTE_NAME) != 0 || length < sizeof note) return false;
    memcpy(&note, bytes, sizeof note);
    if (note.version != GR__ANATOMY_VERSION) {
        s->other = true;
        s->found.version = note.version;
        return true;
    }
    uint64_t there = at + offsetof(gr__anatomy_note, anatomy) + (uint64_t)note.anatomy;
    gr__anatomy a;
    size_t known = offsetof(gr__anatomy, at);
    if (!image_read_all(s->im, there, &a, known) || a.version != GR__ANATOMY_VERSION) {
        s->missing = true;
        return true;
    }
    if (a.parts < GR__ANATOMY_PARTS) {
        s->other = true;
        s->found = a;
        return true;
    }
    s->missing = !image_read_all(s->im, there + known, a.at, sizeof a.at);
    s->found = a;
    s->found_at = there;
    s->any = !s->missing;
    return true;
}

static search last; /* the only one */

void image_anatomy_again(image *im) {
    gr__anatomy now;
    if (image_read_all(im, last.found_at, &now, sizeof now)) last.found = now;
}

const gr__anatomy *image_anatomy(image *im) {
    last = (search){.im = im};
    for (size_t i = 0; i < im->module_count; i++) {
        object o = {0};
        const image_module *m = &im->modules[i];
        const image_mapping *first = image_mapping_of(im, m->low);
        search before = last;
        if (!first || !read_object(im, first->low, &o) || !each_note(im, &o, take_anatomy, &last)) continue;
        if (before.any && !last.found.tls_g) last = before; /* two copies: the one that is in use */
        if (last.any && last.found.tls_g) break;
    }
    if (last.any) return &last.found;
    if (last.other)
        cli_fail("%s was built with a libgorace whose goroutines are of version %u, and this gorace reads version %d: "
                 "use the gorace that it was built with", im->executable, last.found.version, GR__ANATOMY_VERSION);
    if (last.missing && im->cut) cli_fail("the core is cut before what it tells of goroutines: make a whole one");
    if (last.missing) cli_fail("the memory of %s that describes its goroutines can't be read", im->executable);
    return NULL;
}

void image_free(image *im) {
    if (!im) return;
    image_live_free(im->live);
    image_core_free(im->core);
    for (size_t i = 0; i < im->mapping_count; i++) free(im->mappings[i].path);
    free(im->mappings);
    free(im->modules);
    free(im->threads);
    free(im->executable);
    free(im);
}
