/* Another wall clock for one process: LD_PRELOAD=clockshim.so YINGBI_CLOCK=SECONDS command
 *
 * The wall clock (also that by which OpenSSL judges certificates) shows SECONDS after 1970 at the
 * start of the process, and runs on from there.  The monotonic clock is left alone, as real ones
 * are by whoever sets the time.
 */
#define _GNU_SOURCE
#include <stdlib.h>
#include <sys/syscall.h>
#include <sys/time.h>
#include <time.h>
#include <unistd.h>

static long offset_s;

__attribute__((constructor)) static void begin(void)
{
    const char *said = getenv("YINGBI_CLOCK");
    struct timespec now;
    syscall(SYS_clock_gettime, CLOCK_REALTIME, &now);
    offset_s = said ? atol(said) - now.tv_sec : 0;
}

int clock_gettime(clockid_t clock, struct timespec *now)
{
    int failed = syscall(SYS_clock_gettime, clock, now);
    if (!failed && (clock == CLOCK_REALTIME || clock == CLOCK_REALTIME_COARSE))
        now->tv_sec += offset_s;
    return failed;
}

int gettimeofday(struct timeval *now, void *unused)
{
    struct timespec exact;
    (void)unused;
    if (clock_gettime(CLOCK_REALTIME, &exact))
        return -1;
    now->tv_sec = exact.tv_sec;
    now->tv_usec = exact.tv_nsec / 1000;
    return 0;
}

time_t time(time_t *stored)
{
    struct timespec now;
    clock_gettime(CLOCK_REALTIME, &now);
    if (stored)
        *stored = now.tv_sec;
    return now.tv_sec;
}
