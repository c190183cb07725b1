/* Sets timers of each kind, and prints when they end. */
#define _GNU_SOURCE
#include <poll.h>
#include <pthread.h>
#include <signal.h>
#include <stdint.h>
#include <stdio.h>
#include <sys/syscall.h>
#include <sys/time.h>
#include <sys/timerfd.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

static volatile sig_atomic_t signals;
static volatile sig_atomic_t value;

static void count(int signal, siginfo_t *info, void *context) {
    (void)signal; (void)context;
    signals++;
    if (info->si_code == SI_TIMER) value = info->si_value.sival_int;
}

static struct timespec start;

/* Milliseconds since the last call. */
static long passed(void) {
    struct timespec now, from = start;
    clock_gettime(CLOCK_MONOTONIC, &now);
    start = now;
    return ((now.tv_sec - from.tv_sec) * 1000000000 + now.tv_nsec - from.tv_nsec + 500000) / 1000000;
}

static void alarms(void) {
    alarm(5);
    unsigned left = sleep(100);
    printf("alarm %ld, %u s left, %d signal\n", passed(), left, signals);
    alarm(100);
    sleep(5);
    left = alarm(0);
    printf("none %ld, %u s left, %d signal\n", passed(), left, signals);
    struct timespec rest = {10, 0};
    alarm(2);
    syscall(SYS_nanosleep, &rest, &rest);
    printf("nanosleep %ld, %ld s left\n", passed(), (long)rest.tv_sec);
}

static void intervals(void) {
    struct itimerval setting = {.it_interval = {0, 20000}, .it_value = {0, 10000}}, left;
    signals = 0;
    setitimer(ITIMER_REAL, &setting, NULL);
    while (signals < 3) pause();
    getitimer(ITIMER_REAL, &left);
    printf("setitimer %ld, %ld us left of %ld\n", passed(), left.it_value.tv_usec, left.it_interval.tv_usec);
    setitimer(ITIMER_REAL, &(struct itimerval){0}, &left);
    printf("it was at %ld us\n", left.it_value.tv_usec);
}

static void made(void) {
    struct sigevent event = {.sigev_notify = SIGEV_SIGNAL, .sigev_signo = SIGUSR1, .sigev_value.sival_int = 7};
    struct itimerspec setting = {0}, left;
    timer_t timer;
    timer_create(CLOCK_REALTIME, &event, &timer);
    clock_gettime(CLOCK_REALTIME, &setting.it_value);
    setting.it_value.tv_sec += 3;
    signals = 0;
    timer_settime(timer, TIMER_ABSTIME, &setting, NULL);
    timer_gettime(timer, &left);
    printf("timer_settime %ld s left", (long)left.it_value.tv_sec);
    pause();
    printf(", %ld, value %d\n", passed(), value);
    timer_delete(timer);
}

static int told[2];

static void tell(union sigval value) {
    char byte = value.sival_int;
    if (write(told[1], &byte, 1) != 1) _exit(2);
}

static void threads(void) {
    struct sigevent event = {.sigev_notify = SIGEV_THREAD, .sigev_notify_function = tell, .sigev_value.sival_int = 9};
    struct itimerspec setting = {.it_value.tv_sec = 2};
    timer_t timer;
    char byte = 0;
    if (pipe(told)) _exit(2);
    timer_create(CLOCK_MONOTONIC, &event, &timer);
    timer_settime(timer, 0, &setting, NULL);
    if (read(told[0], &byte, 1) != 1) _exit(2);
    printf("thread %ld, value %d\n", passed(), byte);
    timer_delete(timer);
}

static void descriptors(void) {
    struct itimerspec setting = {.it_interval = {0, 300000000}, .it_value = {0, 700000000}};
    struct pollfd waits = {.fd = timerfd_create(CLOCK_MONOTONIC, 0), .events = POLLIN};
    uint64_t times = 0;
    timerfd_settime(waits.fd, 0, &setting, NULL);
    int early = poll(&waits, 1, 400);
    printf("timerfd %ld: %d", passed(), early);
    int late = poll(&waits, 1, 400);
    printf(", %ld: %d", passed(), late);
    if (read(waits.fd, &times, sizeof times) != sizeof times) _exit(2);
    printf(", %lu times", (unsigned long)times);
    if (read(waits.fd, &times, sizeof times) != sizeof times) _exit(2);
    printf(", %ld: %lu times\n", passed(), (unsigned long)times);
}

/* The parent's sleep is longer, but its alarm comes first. */
static void sleepers(void) {
    fflush(stdout);
    if (fork() == 0) {
        sleep(50);
        _exit(write(STDOUT_FILENO, "child\n", 6) != 6);
    }
    alarm(1);
    sleep(100);
    printf("parent\n");
    fflush(stdout);
    wait(NULL);
}

int main(void) {
    struct sigaction action = {.sa_sigaction = count, .sa_flags = SA_SIGINFO};
    sigaction(SIGALRM, &action, NULL);
    sigaction(SIGUSR1, &action, NULL);
    passed();
    alarms();
    intervals();
    made();
    threads();
    descriptors();
    sleepers();
    return 0;
}
