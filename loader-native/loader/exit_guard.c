#include "exit_guard.h"

#include <dlfcn.h>
#include <elf.h>
#include <link.h>
#include <pthread.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <unistd.h>

#if defined(__x86_64__)
#define IS_SLOT(type) ((type) == R_X86_64_JUMP_SLOT || (type) == R_X86_64_GLOB_DAT)
#elif defined(__aarch64__)
#define IS_SLOT(type) ((type) == R_AARCH64_JUMP_SLOT || (type) == R_AARCH64_GLOB_DAT)
#else
#error "which relocations are slots of functions on this machine?"
#endif

#define MAX_PATCHES 16

typedef struct {
    void **slot;
    void *original;
    bool read_only;
} patch_t;

/* A library's dynamic section, as far as it matters here. */
typedef struct {
    ElfW(Addr) base;
    ElfW(Addr) relro_start, relro_end;
    const ElfW(Sym) * symbols;
    const char *names;
    const ElfW(Rela) * relocations[2];
    size_t counts[2];
} image_t;

static pthread_mutex_t lock = PTHREAD_MUTEX_INITIALIZER;
static exit_guard_pt on_exit_wanted;
static patch_t patches[MAX_PATCHES];
static size_t patch_count;

static void guard_library(void *library, bool for_good);

/* The replacements; any thread of the JVM, while it boots. */

static void guarded_exit(int code)
{
    char call[32];
    snprintf(call, sizeof(call), "exit(%d)", code);
    on_exit_wanted(call);
    exit(code);
}

static void guarded_immediate_exit(int code)
{
    char call[32];
    snprintf(call, sizeof(call), "_exit(%d)", code);
    on_exit_wanted(call);
    _exit(code);
}

static void guarded_abort(void)
{
    on_exit_wanted("abort()");
    abort();
}

static void *guarded_dlopen(const char *file, int flags)
{
    void *library = dlopen(file, flags);
    if (library != NULL && file != NULL) { /* NULL is the executable: nginx */
        guard_library(library, true);
    }
    return library;
}

/* Boot thread. */
static void *replacement_of(const char *name)
{
    static const struct {
        const char *name;
        void (*function)(void);
    } replacements[] = {{"exit", (void (*)(void)) guarded_exit},
                        {"_exit", (void (*)(void)) guarded_immediate_exit},
                        {"abort", (void (*)(void)) guarded_abort},
                        {"dlopen", (void (*)(void)) guarded_dlopen}};
    for (size_t i = 0; i < sizeof(replacements) / sizeof(replacements[0]); i++) {
        if (strcmp(name, replacements[i].name) == 0) {
            void *function;
            memcpy(&function, &replacements[i].function, sizeof(function));
            return function;
        }
    }
    return NULL;
}

/* With the lock. The linker makes slots read-only once they are bound (RELRO). */
static bool store(void **slot, void *value, bool read_only)
{
    uintptr_t page_size = (uintptr_t) sysconf(_SC_PAGESIZE);
    void *page = (void *) ((uintptr_t) slot & ~(page_size - 1));
    if (read_only && mprotect(page, page_size, PROT_READ | PROT_WRITE) != 0) {
        return false;
    }
    __atomic_store_n(slot, value, __ATOMIC_RELEASE);
    if (read_only) {
        mprotect(page, page_size, PROT_READ);
    }
    return true;
}

/* With the lock. */
static void patch_slot(const image_t *image, const ElfW(Rela) * relocation, bool for_good)
{
    const ElfW(Sym) *symbol = &image->symbols[ELF64_R_SYM(relocation->r_info)];
    void *replacement = replacement_of(image->names + symbol->st_name);
    void **slot = (void **) (image->base + relocation->r_offset);
    if (replacement == NULL || *slot == replacement || (!for_good && patch_count == MAX_PATCHES)) {
        return;
    }
    patch_t patch = {.slot = slot,
                     .original = *slot,
                     .read_only = (ElfW(Addr)) slot >= image->relro_start &&
                                  (ElfW(Addr)) slot < image->relro_end};
    if (store(slot, replacement, patch.read_only) && !for_good) {
        patches[patch_count++] = patch;
    }
}

/* Boot thread. */
static void read_dynamic(const ElfW(Dyn) * dynamic, image_t *image)
{
    for (; dynamic->d_tag != DT_NULL; dynamic++) {
        switch (dynamic->d_tag) {
        case DT_SYMTAB:
            image->symbols = (const void *) dynamic->d_un.d_ptr;
            break;
        case DT_STRTAB:
            image->names = (const void *) dynamic->d_un.d_ptr;
            break;
        case DT_JMPREL:
            image->relocations[0] = (const void *) dynamic->d_un.d_ptr;
            break;
        case DT_PLTRELSZ:
            image->counts[0] = dynamic->d_un.d_val / sizeof(ElfW(Rela));
            break;
        case DT_RELA:
            image->relocations[1] = (const void *) dynamic->d_un.d_ptr;
            break;
        case DT_RELASZ:
            image->counts[1] = dynamic->d_un.d_val / sizeof(ElfW(Rela));
            break;
        default:
            break;
        }
    }
}

/* Boot thread; called for each library of the process. */
static int find_image(struct dl_phdr_info *info, size_t size, void *into)
{
    (void) size;
    image_t *image = into;
    if (info->dlpi_addr != image->base) {
        return 0;
    }
    for (int i = 0; i < info->dlpi_phnum; i++) {
        const ElfW(Phdr) *header = &info->dlpi_phdr[i];
        if (header->p_type == PT_DYNAMIC) {
            read_dynamic((const void *) (image->base + header->p_vaddr), image);
        } else if (header->p_type == PT_GNU_RELRO) {
            image->relro_start = image->base + header->p_vaddr;
            image->relro_end = image->relro_start + header->p_memsz;
        }
    }
    return 1;
}

/*
 * Boot thread. `for_good`: the library may be gone when the guard ends, so its slots are left alone
 * then; the replacements do as the originals, once nobody objects.
 */
static void guard_library(void *library, bool for_good)
{
    struct link_map *map = NULL;
    if (dlinfo(library, RTLD_DI_LINKMAP, &map) != 0) {
        return;
    }
    image_t image = {.base = map->l_addr};
    dl_iterate_phdr(find_image, &image);
    if (image.symbols == NULL || image.names == NULL) {
        return;
    }
    pthread_mutex_lock(&lock);
    for (size_t table = 0; table < 2; table++) {
        for (size_t i = 0; i < image.counts[table]; i++) {
            const ElfW(Rela) *relocation = &image.relocations[table][i];
            if (IS_SLOT(ELF64_R_TYPE(relocation->r_info))) {
                patch_slot(&image, relocation, for_good);
            }
        }
    }
    pthread_mutex_unlock(&lock);
}

/* Boot thread. */
void exit_guard_arm(void *library, exit_guard_pt guard)
{
    on_exit_wanted = guard;
    guard_library(library, false);
}

/* Boot thread. */
void exit_guard_disarm(void)
{
    pthread_mutex_lock(&lock);
    while (patch_count > 0) {
        const patch_t *patch = &patches[--patch_count];
        store(patch->slot, patch->original, patch->read_only);
    }
    pthread_mutex_unlock(&lock);
}
