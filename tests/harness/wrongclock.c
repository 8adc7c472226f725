/* A machine whose clock is wrong: preloaded, it adds CLOCK_WRONG_BY_S seconds to what a program reads as the time of
 * day. Clocks that only measure how long something takes stay as they are. */
#define _GNU_SOURCE
#include <stdlib.h>
#include <sys/syscall.h>
#include <sys/time.h>
#include <time.h>
#include <unistd.h>

static time_t wrong_by;

__attribute__((constructor)) static void ask(void)
{
	const char *seconds = getenv("CLOCK_WRONG_BY_S");
	wrong_by = seconds ? atol(seconds) : 0;
}

int clock_gettime(clockid_t clock, struct timespec *now)
{
	int status = (int)syscall(SYS_clock_gettime, clock, now);
	if (status == 0 && (clock == CLOCK_REALTIME || clock == CLOCK_REALTIME_COARSE))
		now->tv_sec += wrong_by;
	return status;
}

int gettimeofday(struct timeval *restrict now, void *restrict zone)
{
	int status = (int)syscall(SYS_gettimeofday, now, zone);
	if (status == 0 && now)
		now->tv_sec += wrong_by;
	return status;
}

time_t time(time_t *out)
{
	struct timespec now;
	clock_gettime(CLOCK_REALTIME, &now);
	if (out)
		*out = now.tv_sec;
	return now.tv_sec;
}
