/* modules.c - see modules.h. State belongs to who is past `first`. */
#include "runtime/inspect/modules.h"

#include "runtime/base/proc.h"
#include "runtime/inspect/record.h"

#include <link.h>
#include <sys/syscall.h>
#include <unistd.h>

static unsigned long long told_adds, told_subs;
static bool told;

typedef struct walk {
    void (*first)(void);
    void (*put)(const char *records, size_t length);
    bool begun, done;
} walk;

void gr__modules_forget(void) { told = false; }

/* Build ids are printed in hexadecimal. */
static gr__string build_id(const struct dl_phdr_info *info, const ElfW(Phdr) *h, char *text, size_t room) {
    const char *at = (const char *)(info->dlpi_addr + h->p_vaddr), *end = at + h->p_memsz;
    gr__string id = {text, 0};
    while ((size_t)(end - at) >= sizeof(ElfW(Nhdr))) {
        const ElfW(Nhdr) *note = (const void *)at;
        const char *name = at + sizeof *note;
        const unsigned char *bytes = (const unsigned char *)name + ((note->n_namesz + 3u) & ~3u);
        at = (const char *)bytes + ((note->n_descsz + 3u) & ~3u);
        if (at > end) break;
        if (note->n_type != NT_GNU_BUILD_ID || note->n_namesz != 4 || memcmp(name, "GNU", 4) != 0) continue;
        for (unsigned i = 0; i < note->n_descsz && id.length + 2 <= room; i++) {
            text[id.length++] = "0123456789abcdef"[bytes[i] >> 4];
            text[id.length++] = "0123456789abcdef"[bytes[i] & 15];
        }
    }
    return id;
}

typedef struct mapping {
    uint64_t address;
    char *path;
    size_t room;
    bool found;
} mapping;

/* True: this line of maps is not the file that is mapped at the address. */
static bool is_another(const char *line, void *argument) {
    mapping *m = argument;
    uint64_t low = gr__proc_number(&line, 16), high = 0;
    if (*line++ == '-') high = gr__proc_number(&line, 16);
    const char *file = strchr(line, '/');
    if (m->address < low || m->address >= high || !file || strlen(file) >= m->room) return true;
    memcpy(m->path, file, strlen(file) + 1);
    m->found = true;
    return false;
}

/* dlopen keeps a relative name, and the program may change its folder: the kernel knows better. */
static bool mapped_file(uint64_t address, char *path, size_t room) {
    char text[8192];
    mapping m = {address, path, room, false};
    gr__proc_lines("/proc/self/maps", text, sizeof text, is_another, &m);
    return m.found;
}

/* What is there from a thread's start on lies near its thread pointer. */
static void look_at_tls(const struct dl_phdr_info *info, const ElfW(Phdr) *h, gr__rec_module *m) {
    enum { REACH = 1 << 16 };
    uintptr_t from = (uintptr_t)info->dlpi_tls_data - (uintptr_t)__builtin_thread_pointer();
    if (!info->dlpi_tls_data || from + REACH >= 2 * REACH) return;
    m->tls = from;
    m->tls_size = h->p_memsz;
}

static int visit(struct dl_phdr_info *info, size_t size, void *argument) {
    (void)size;
    walk *w = argument;
    if (!w->begun) {
        w->begun = true;
        w->first();
        w->done = told && info->dlpi_adds == told_adds && info->dlpi_subs == told_subs;
        told_adds = info->dlpi_adds;
        told_subs = info->dlpi_subs;
        told = true;
    }
    if (w->done) return 1;
    char path[4096], id[64], bytes[4600];
    gr__rec_module m = {.low = UINT64_MAX, .bias = info->dlpi_addr,
                        .path = gr__string_of(info->dlpi_name)};
    if (!m.path.length) { /* the executable */
        long n = syscall(SYS_readlinkat, -100, "/proc/self/exe", path, sizeof path);
        m.path = (gr__string){path, n > 0 ? (uint32_t)n : 0};
        m.instrumented = 1;
    }
    for (int i = 0; i < info->dlpi_phnum; i++) {
        const ElfW(Phdr) *h = &info->dlpi_phdr[i];
        if (h->p_type == PT_NOTE && !m.build_id.length) m.build_id = build_id(info, h, id, sizeof id);
        if (h->p_type == PT_TLS) look_at_tls(info, h, &m);
        if (h->p_type != PT_LOAD) continue;
        uint64_t low = info->dlpi_addr + h->p_vaddr, high = low + h->p_memsz;
        if (low < m.low) m.low = low;
        if (high > m.high) m.high = high;
    }
    if (m.high <= m.low) return 0;
    if (m.path.length && m.path.text[0] != '/' && mapped_file(m.low, path, sizeof path))
        m.path = gr__string_of(path);
    gr__record_buffer b = {bytes, 0, sizeof bytes, false};
    gr__put_module(&b, &m);
    w->put(bytes, b.length);
    return 0;
}

void gr__modules_tell(void (*first)(void), void (*put)(const char *records, size_t length)) {
    walk w = {first, put, false, false};
    dl_iterate_phdr(visit, &w);
    if (!w.begun) first();
}
