/* Prints how many milliseconds each of the clocks shows that a sleep of 100 s has taken. */
#define _GNU_SOURCE
#include <stdio.h>
#include <sys/syscall.h>
#include <sys/time.h>
#include <time.h>
#include <unistd.h>

static long spec(struct timespec t) { return t.tv_sec * 1000 + t.tv_nsec / 1000000; }
static long val(struct timeval t) { return t.tv_sec * 1000 + t.tv_usec / 1000; }

static long monotonic(void) { struct timespec t; clock_gettime(CLOCK_MONOTONIC, &t); return spec(t); }
static long coarse(void) { struct timespec t; clock_gettime(CLOCK_REALTIME_COARSE, &t); return spec(t); }
static long of_day(void) { struct timeval t; gettimeofday(&t, NULL); return val(t); }
static long whole(void) { time_t t; return time(&t) == t ? t * 1000 : 0; }
static long called(void) { struct timespec t; syscall(SYS_clock_gettime, CLOCK_BOOTTIME, &t); return spec(t); }
static long called_of_day(void) { struct timeval t; syscall(SYS_gettimeofday, &t, NULL); return val(t); }
#ifdef SYS_time
static long called_whole(void) { return syscall(SYS_time, NULL) * 1000; }
#else
static long called_whole(void) { return time(NULL) * 1000; }
#endif

static struct { const char *name; long (*clock)(void); long start; } clocks[] = {
    {"clock_gettime", monotonic}, {"coarse", coarse}, {"gettimeofday", of_day}, {"time", whole},
    {"clock_gettime(2)", called}, {"gettimeofday(2)", called_of_day}, {"time(2)", called_whole},
};

int main(void) {
    const size_t count = sizeof clocks / sizeof *clocks;
    for (size_t i = 0; i < count; i++) clocks[i].start = clocks[i].clock();
    sleep(100);
    for (size_t i = 0; i < count; i++)
        printf("%s %ld\n", clocks[i].name, clocks[i].clock() - clocks[i].start);
    struct timespec resolution, used;
    clock_getres(CLOCK_MONOTONIC, &resolution);
    clock_gettime(CLOCK_PROCESS_CPUTIME_ID, &used);
    printf("resolution %ld ns, used %s\n", resolution.tv_nsec, used.tv_sec < 50 ? "little" : "much");
    return 0;
}
