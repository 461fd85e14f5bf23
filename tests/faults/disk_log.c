/* Preloaded into a program, this writes down every change it makes below one folder, in order, with the bytes.

   FAULT_ROOT names the folder, FAULT_LOG the file that is written. Each entry: one letter, then numbers of 8 bytes
   (little endian) and texts with their length before them:
     W path offset bytes   T path size   S path (synced)   D path (folder synced)
     C path (made or emptied by open)   R from to   U path
   gcc -shared -fPIC -O2 -o disk_log.so disk_log.c -ldl -lpthread */
#define _GNU_SOURCE
#include <dlfcn.h>
#include <fcntl.h>
#include <limits.h>
#include <pthread.h>
#include <stdarg.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <sys/uio.h>
#include <unistd.h>

#define REAL(name) ((__typeof__(&name))dlsym(RTLD_NEXT, #name))

static pthread_mutex_t lock = PTHREAD_MUTEX_INITIALIZER;
static int log_fd = -1;
static char root[PATH_MAX];

__attribute__((constructor)) static void begin(void) {
    const char *folder = getenv("FAULT_ROOT"), *file = getenv("FAULT_LOG");
    if (!folder || !file || !realpath(folder, root)) return;
    log_fd = syscall(SYS_openat, AT_FDCWD, file, O_WRONLY | O_CREAT | O_APPEND | O_CLOEXEC, 0600);
}

static int below(const char *path) {
    size_t n = strlen(root);
    return log_fd >= 0 && n && !strncmp(path, root, n) && (path[n] == '/' || !path[n]);
}

static int path_of(int fd, char *path) {
    char link[64];
    snprintf(link, sizeof link, "/proc/self/fd/%d", fd);
    ssize_t n = readlink(link, path, PATH_MAX - 1);
    if (n < 0) return 0;
    path[n] = 0;
    return below(path) && !strstr(path, " (deleted)");
}

static int whole(const char *given, char *path) {
    char part[PATH_MAX];
    const char *slash = strrchr(given, '/');
    if (!slash) {
        if (!getcwd(part, sizeof part)) return 0;
        if (snprintf(path, PATH_MAX, "%s/%s", part, given) >= PATH_MAX) return 0;
    } else {
        snprintf(part, sizeof part, "%.*s", (int)(slash - given ? slash - given : 1), given);
        char parent[PATH_MAX];
        if (!realpath(part, parent)) return 0;
        if (snprintf(path, PATH_MAX, "%s/%s", parent, slash + 1) >= PATH_MAX) return 0;
    }
    return below(path);
}

static void put(char kind, const char *path, uint64_t number, const void *bytes, uint64_t length) {
    uint64_t size = strlen(path);
    struct iovec parts[] = {{&kind, 1}, {&size, 8}, {(void *)path, size}, {&number, 8}, {&length, 8}, {(void *)bytes, length}};
    pthread_mutex_lock(&lock);
    syscall(SYS_writev, log_fd, parts, 6);
    pthread_mutex_unlock(&lock);
}

ssize_t pwrite64(int fd, const void *bytes, size_t n, off64_t at) {
    char path[PATH_MAX];
    ssize_t done = REAL(pwrite64)(fd, bytes, n, at);
    if (done > 0 && path_of(fd, path)) put('W', path, at, bytes, done);
    return done;
}

ssize_t pwrite(int fd, const void *bytes, size_t n, off_t at) {
    char path[PATH_MAX];
    ssize_t done = REAL(pwrite)(fd, bytes, n, at);
    if (done > 0 && path_of(fd, path)) put('W', path, at, bytes, done);
    return done;
}

ssize_t write(int fd, const void *bytes, size_t n) {
    char path[PATH_MAX];
    int ours = path_of(fd, path);
    ssize_t done = REAL(write)(fd, bytes, n);
    if (done > 0 && ours) {
        off_t end = lseek(fd, 0, SEEK_CUR);
        put('W', path, end >= done ? end - done : 0, bytes, done);
    }
    return done;
}

int ftruncate64(int fd, off64_t size) {
    char path[PATH_MAX];
    int result = REAL(ftruncate64)(fd, size);
    if (!result && path_of(fd, path)) put('T', path, size, "", 0);
    return result;
}

int ftruncate(int fd, off_t size) {
    char path[PATH_MAX];
    int result = REAL(ftruncate)(fd, size);
    if (!result && path_of(fd, path)) put('T', path, size, "", 0);
    return result;
}

int fallocate64(int fd, int mode, off64_t from, off64_t size) {
    char path[PATH_MAX];
    int result = REAL(fallocate64)(fd, mode, from, size);
    struct stat about;
    if (!result && path_of(fd, path) && !fstat(fd, &about)) put('T', path, about.st_size, "", 0);
    return result;
}

int posix_fallocate64(int fd, off64_t from, off64_t size) {
    char path[PATH_MAX];
    int result = REAL(posix_fallocate64)(fd, from, size);
    struct stat about;
    if (!result && path_of(fd, path) && !fstat(fd, &about)) put('T', path, about.st_size, "", 0);
    return result;
}

static void synced(int fd) {
    char path[PATH_MAX];
    struct stat about;
    if (path_of(fd, path) && !fstat(fd, &about)) put(S_ISDIR(about.st_mode) ? 'D' : 'S', path, 0, "", 0);
}

int fsync(int fd) {
    int result = REAL(fsync)(fd);
    if (!result) synced(fd);
    return result;
}

int fdatasync(int fd) {
    int result = REAL(fdatasync)(fd);
    if (!result) synced(fd);
    return result;
}

static void opened(int fd, const char *given, int flags) {
    char path[PATH_MAX];
    if (fd >= 0 && (flags & (O_CREAT | O_TRUNC)) && path_of(fd, path)) put('C', path, (flags & O_TRUNC) != 0, "", 0);
}

#define OPENER(name, declared, passed)                                                                                 \
    int name declared {                                                                                                \
        int mode = 0;                                                                                                  \
        if (flags & O_CREAT) {                                                                                         \
            va_list rest;                                                                                              \
            va_start(rest, flags);                                                                                     \
            mode = va_arg(rest, int);                                                                                  \
            va_end(rest);                                                                                              \
        }                                                                                                              \
        int fd = REAL(name) passed;                                                                                    \
        opened(fd, path, flags);                                                                                       \
        return fd;                                                                                                     \
    }

OPENER(open, (const char *path, int flags, ...), (path, flags, mode))
OPENER(open64, (const char *path, int flags, ...), (path, flags, mode))
OPENER(openat, (int at, const char *path, int flags, ...), (at, path, flags, mode))
OPENER(openat64, (int at, const char *path, int flags, ...), (at, path, flags, mode))

int rename(const char *from, const char *to) {
    char one[PATH_MAX], other[PATH_MAX];
    int ours = whole(from, one) && whole(to, other);
    int result = REAL(rename)(from, to);
    if (!result && ours) put('R', one, 0, other, strlen(other));
    return result;
}

int unlink(const char *given) {
    char path[PATH_MAX];
    int ours = whole(given, path);
    int result = REAL(unlink)(given);
    if (!result && ours) put('U', path, 0, "", 0);
    return result;
}

int unlinkat(int at, const char *given, int flags) {
    char path[PATH_MAX];
    int ours = !(flags & AT_REMOVEDIR) && (given[0] == '/' || at == AT_FDCWD) && whole(given, path);
    int result = REAL(unlinkat)(at, given, flags);
    if (!result && ours) put('U', path, 0, "", 0);
    return result;
}
