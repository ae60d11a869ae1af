/* Lets libVLC run wild while it reads one file, as a decoder does on bytes that were made for it.
 *
 * Preloaded into the player (LD_PRELOAD).  WILD_FILE is a part of the file's path, WILD_AFTER_MS
 * how long after libVLC's first look at it the process dies (0: at that look).  Whoever else reads
 * the file (Python, to hash it) is left alone.
 */
#define _GNU_SOURCE
#include <dlfcn.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>
#include <unistd.h>

static ssize_t (*honest_read)(int, void *, size_t);
static long long began_ms;

static long long now_ms(void)
{
    struct timespec now;
    clock_gettime(CLOCK_MONOTONIC, &now);
    return now.tv_sec * 1000LL + now.tv_nsec / 1000000;
}

static int is_vlc(void *caller)
{
    Dl_info found;
    return dladdr(caller, &found) && found.dli_fname && strstr(found.dli_fname, "vlc");
}

static int is_wild_file(int descriptor)
{
    const char *wanted = getenv("WILD_FILE");
    char link[64], path[4096];
    snprintf(link, sizeof link, "/proc/self/fd/%d", descriptor);
    ssize_t length = readlink(link, path, sizeof path - 1);
    if (wanted == NULL || length < 0)
        return 0;
    path[length] = 0;
    return strstr(path, wanted) != NULL;
}

ssize_t read(int descriptor, void *buffer, size_t bytes)
{
    if (honest_read == NULL)
        honest_read = (ssize_t (*)(int, void *, size_t))dlsym(RTLD_NEXT, "read");
    if (is_vlc(__builtin_return_address(0)) && is_wild_file(descriptor)) {
        if (began_ms == 0)
            began_ms = now_ms();
        if (now_ms() - began_ms >= atoi(getenv("WILD_AFTER_MS")))
            *(volatile int *)0 = 0;
    }
    return honest_read(descriptor, buffer, bytes);
}
