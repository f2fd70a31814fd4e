#include "boot_output.h"

#include <fcntl.h>
#include <stdio.h>
#include <sys/mman.h>
#include <sys/stat.h>
#include <unistd.h>

static int memory = -1;
static int original = -1;

/* The boot thread. */
void boot_output_record(void)
{
    fflush(stderr);
    memory = memfd_create("jvm-boot-output", MFD_CLOEXEC);
    original = fcntl(STDERR_FILENO, F_DUPFD_CLOEXEC, 3);
    if (memory < 0 || original < 0 || dup2(memory, STDERR_FILENO) < 0) {
        close(memory);
        close(original);
        memory = original = -1;
    }
}

/* The boot thread. False if somebody has put another file there meanwhile: nginx reopens its log.
 */
static bool is_still_recording(void)
{
    struct stat ours, now;
    return fstat(memory, &ours) == 0 && fstat(STDERR_FILENO, &now) == 0 &&
           ours.st_dev == now.st_dev && ours.st_ino == now.st_ino;
}

/* The boot thread. */
static void write_all(const char *bytes, size_t len)
{
    while (len > 0) {
        ssize_t written = write(STDERR_FILENO, bytes, len);
        if (written <= 0) {
            return;
        }
        bytes += written;
        len -= (size_t) written;
    }
}

/* The boot thread, or the thread on which the JVM gives up. */
void boot_output_stop(text_t *output)
{
    if (memory < 0) {
        return;
    }
    fflush(stderr);
    if (is_still_recording()) {
        dup2(original, STDERR_FILENO);
    }
    char part[4096];
    ssize_t len;
    for (off_t at = 0; (len = pread(memory, part, sizeof(part), at)) > 0; at += len) {
        write_all(part, (size_t) len);
        text_add_bytes(output, part, (size_t) len);
    }
    close(memory);
    close(original);
    memory = original = -1;
}
