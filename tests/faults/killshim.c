/* Counts the system calls that change files, and kills the process or fails the call at the n-th.
 *
 * Preloaded into an interpreter (LD_PRELOAD) that tests/faults/kill_server.py runs in; the test
 * arms it in each forked child.  Calls on descriptors 0-2 are not counted.
 *
 *   fault_arm(n, mode, times)  from now on the n-th call (from 1) and the times-1 after it are hit;
 *                              n = 0 disarms.  mode > 0: that errno; -1: SIGKILL before the call;
 *                              -2: a write takes half of what it was given.
 *   fault_count()              calls counted since fault_arm.
 */
#define _GNU_SOURCE
#include <dlfcn.h>
#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <stdarg.h>
#include <stddef.h>
#include <sys/stat.h>
#include <sys/types.h>
#include <unistd.h>

enum { MODE_KILL = -1, MODE_SHORT = -2 };

static long armed_at, counted, times_hit;
static int fault_mode;

void fault_arm(long n, int mode, long times)
{
    armed_at = n;
    fault_mode = mode;
    times_hit = times;
    counted = 0;
}

long fault_count(void) { return counted; }

/* Is this call to fail?  Does not return if it is to kill. */
static int hit(void)
{
    if (armed_at == 0)
        return 0;
    counted++;
    if (counted < armed_at || counted >= armed_at + times_hit)
        return 0;
    if (fault_mode == MODE_KILL)
        kill(getpid(), SIGKILL);
    if (fault_mode > 0)
        errno = fault_mode;
    return 1;
}

#define NEXT(type, name) \
    static type (*next)() = NULL; \
    if (!next) \
        *(void **)&next = dlsym(RTLD_NEXT, name)

#define FAIL_OR(call) \
    if (hit() && fault_mode > 0) \
        return -1; \
    return call

#define CHANGES (O_WRONLY | O_RDWR | O_CREAT | O_TRUNC)

#define OPEN(function) \
    int function(const char *path, int flags, ...) \
    { \
        NEXT(int, #function); \
        va_list rest; \
        va_start(rest, flags); \
        int mode = (flags & O_CREAT) ? va_arg(rest, int) : 0; \
        va_end(rest); \
        if ((flags & CHANGES) && hit() && fault_mode > 0) \
            return -1; \
        return next(path, flags, mode); \
    }
OPEN(open)
OPEN(open64)

#define OPENAT(function) \
    int function(int folder, const char *path, int flags, ...) \
    { \
        NEXT(int, #function); \
        va_list rest; \
        va_start(rest, flags); \
        int mode = (flags & O_CREAT) ? va_arg(rest, int) : 0; \
        va_end(rest); \
        if ((flags & CHANGES) && hit() && fault_mode > 0) \
            return -1; \
        return next(folder, path, flags, mode); \
    }
OPENAT(openat)
OPENAT(openat64)

ssize_t write(int fd, const void *from, size_t size)
{
    static ssize_t (*next)(int, const void *, size_t);
    if (!next)
        *(void **)&next = dlsym(RTLD_NEXT, "write");
    if (fd > 2 && hit()) {
        if (fault_mode > 0)
            return -1;
        if (size > 1)
            size /= 2;
    }
    return next(fd, from, size);
}

int fsync(int fd) { NEXT(int, "fsync"); FAIL_OR(next(fd)); }
int fdatasync(int fd) { NEXT(int, "fdatasync"); FAIL_OR(next(fd)); }
int rename(const char *from, const char *to) { NEXT(int, "rename"); FAIL_OR(next(from, to)); }
int renameat(int f, const char *from, int t, const char *to)
{ NEXT(int, "renameat"); FAIL_OR(next(f, from, t, to)); }
int unlink(const char *path) { NEXT(int, "unlink"); FAIL_OR(next(path)); }
int unlinkat(int f, const char *path, int flags) { NEXT(int, "unlinkat"); FAIL_OR(next(f, path, flags)); }
int mkdir(const char *path, mode_t mode) { NEXT(int, "mkdir"); FAIL_OR(next(path, mode)); }
int mkdirat(int f, const char *path, mode_t mode) { NEXT(int, "mkdirat"); FAIL_OR(next(f, path, mode)); }
int rmdir(const char *path) { NEXT(int, "rmdir"); FAIL_OR(next(path)); }

static int (*real_ftruncate)(int, off64_t);
int ftruncate64(int fd, off64_t length)
{
    if (!real_ftruncate)
        *(void **)&real_ftruncate = dlsym(RTLD_NEXT, "ftruncate64");
    FAIL_OR(real_ftruncate(fd, length));
}
int ftruncate(int fd, off_t length) { return ftruncate64(fd, length); }
