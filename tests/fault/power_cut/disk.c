/* A disk that can be watched and made to fail (LD_PRELOAD). Only files whose path holds $DISK_OF are meant, SQLite's -shm aside.
   Where $DISK_LOG is set, every write, truncation, unlink and sync is written to it before it happens, and every line that is
   said on standard output: enough to rebuild what may lie on a disk after a power cut.
   disk_fail(kind, nth, times): from now on, the nth sync ('S') fails with EIO, or the nth write ('W') with ENOSPC, and
   so many after it; or the process is killed at the nth of either ('K'); disk_left(): how many have not failed yet. */
#define _GNU_SOURCE
#include <dlfcn.h>
#include <errno.h>
#include <fcntl.h>
#include <pthread.h>
#include <signal.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/uio.h>
#include <unistd.h>

static pthread_mutex_t turn = PTHREAD_MUTEX_INITIALIZER;
static char failing;
static long nth, times;

#define TRUE_ONE(name) ((typeof(&name))dlsym(RTLD_NEXT, #name))

void disk_fail(char kind, long first, long how_often) { failing = kind; nth = first; times = how_often; }
long disk_left(void) { return times; }

static int meant(const char *path) {
    const char *of = getenv("DISK_OF");
    return of && strstr(path, of) && !strstr(path, "-shm");
}

static int path_of(int fd, char *path) {
    char link[64];
    snprintf(link, sizeof link, "/proc/self/fd/%d", fd);
    ssize_t length = readlink(link, path, 4095);
    path[length < 0 ? 0 : length] = 0;
    return meant(path);
}

static void tell(char kind, const char *path, uint64_t offset, const void *data, uint32_t length) {
    static ssize_t (*gather)(int, const struct iovec *, int);
    static int log = -2;
    pthread_mutex_lock(&turn);
    if (log == -2) {
        gather = TRUE_ONE(writev);
        log = getenv("DISK_LOG") ? open(getenv("DISK_LOG"), O_WRONLY | O_CREAT | O_APPEND, 0600) : -1;
    }
    if (log >= 0) {
        uint16_t named = strlen(path);
        char head[15] = {kind};
        memcpy(head + 1, &named, 2); memcpy(head + 3, &offset, 8); memcpy(head + 11, &length, 4);
        struct iovec parts[] = {{head, 15}, {(void *)path, named}, {(void *)data, data ? length : 0}};
        gather(log, parts, 3);
    }
    pthread_mutex_unlock(&turn);
}

static int fails(char kind) {
    if ((failing != kind && failing != 'K') || --nth > 0 || times <= 0) return 0;
    times--;
    if (failing == 'K') raise(SIGKILL);
    errno = kind == 'S' ? EIO : ENOSPC;
    return 1;
}

ssize_t pwrite64(int fd, const void *data, size_t length, off64_t offset) {
    char path[4096];
    if (path_of(fd, path)) {
        if (fails('W')) return -1;
        tell('W', path, offset, data, length);
    }
    return TRUE_ONE(pwrite64)(fd, data, length, offset);
}
ssize_t pwrite(int fd, const void *data, size_t length, off_t offset) { return pwrite64(fd, data, length, offset); }

int fsync(int fd) {
    char path[4096];
    if (path_of(fd, path)) {
        if (fails('S')) return -1;
        tell('S', path, 0, NULL, 0);
    }
    return TRUE_ONE(fsync)(fd);
}
int fdatasync(int fd) { return fsync(fd); }

int ftruncate64(int fd, off64_t length) {
    char path[4096];
    if (path_of(fd, path)) tell('T', path, length, NULL, 0);
    return TRUE_ONE(ftruncate64)(fd, length);
}
int ftruncate(int fd, off_t length) { return ftruncate64(fd, length); }

int unlink(const char *path) {
    if (meant(path)) tell('U', path, 0, NULL, 0);
    return TRUE_ONE(unlink)(path);
}

ssize_t write(int fd, const void *data, size_t length) {
    if (fd == 1) tell('A', "", 0, data, length);
    return TRUE_ONE(write)(fd, data, length);
}
