"""Threads, and how Python connects them."""

import queue
from threading import Barrier, Thread

from measure import Stopwatch, rate, rate_of, speed_up
from task import PRIMES, primes


def thread():
    def once():
        thread = Thread(target=int)
        thread.start()
        thread.join()

    return rate_of(once)


def thread_queue():
    def batch(count):
        items, line = queue.Queue(1024), Barrier(3)

        def send():
            line.wait()
            for item in range(count):
                items.put(item)

        def receive():
            line.wait()
            for _ in range(count):
                items.get()

        threads = [Thread(target=send), Thread(target=receive)]
        for thread in threads:
            thread.start()
        line.wait()
        with Stopwatch() as watch:
            for thread in threads:
                thread.join()
        return watch.seconds

    return rate(batch)


def processor():
    def seconds(workers):
        found = []
        threads = [Thread(target=lambda w=w: found.append(primes(w, workers))) for w in range(workers)]
        with Stopwatch() as watch:
            for thread in threads:
                thread.start()
            for thread in threads:
                thread.join()
        assert sum(found) == PRIMES
        return watch.seconds

    return speed_up(seconds)


CONTENDERS = {
    ("thread", "threading"): thread,
    ("thread-queue", "queue.Queue"): thread_queue,
    ("cpu", "Thread"): processor,
}
