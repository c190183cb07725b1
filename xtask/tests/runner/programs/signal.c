/* A parent asks its child to stop, by a signal that the child handles. */
#include <signal.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>

static void say(const char *line) {
    if (write(STDOUT_FILENO, line, strlen(line)) < 0) _exit(2);
}

static void stop(int signal) {
    (void)signal;
    say("child: stops\n");
    _exit(0);
}

static void child(int ready) {
    struct sigaction action = {.sa_handler = stop};
    sigaction(SIGTERM, &action, NULL);
    say("child: ready\n");
    if (write(ready, "r", 1) != 1) _exit(2);
    for (;;) pause();
}

int main(void) {
    int ready[2];
    char byte;
    if (pipe(ready) != 0) return 2;
    pid_t pid = fork();
    if (pid == 0) child(ready[1]);
    if (read(ready[0], &byte, 1) != 1) return 2;
    say("parent: asks\n");
    kill(pid, SIGTERM);
    waitpid(pid, NULL, 0);
    say("parent: the child has stopped\n");
    return 0;
}
