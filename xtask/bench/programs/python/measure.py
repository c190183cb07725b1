"""Measures figures, as ../src/measure.rs does: a rate, a median round trip, memory from /proc."""

import gc
import os
import statistics
import time

SPAN = int(os.environ.get("BENCH_MILLISECONDS", "300")) / 1000


def rate(batch):
    """How many per second. `batch(count)` does this many and returns the seconds that it took."""
    batch(1)  # A pool may start its workers with its first task.
    count = 1
    while (seconds := batch(count)) < SPAN / 5:
        count *= 4
    # Everything before was to warm up, and to find out how many fill the time.
    count = max(1, int(count * SPAN / seconds))
    return count / batch(count)


def rate_of(once):
    """The same, for work that can be repeated in a loop."""

    def batch(count):
        with Stopwatch() as watch:
            for _ in range(count):
                once()
        return watch.seconds

    return rate(batch)


class Stopwatch:
    """Measures the time of a `with` block."""

    def __enter__(self):
        self.start = time.perf_counter()
        return self

    def __exit__(self, *_):
        self.seconds = time.perf_counter() - self.start


def p50(round_trip, before=lambda: None):
    """The median of single round trips, in microseconds, each after a `before` that does not count."""
    for _ in range(100):
        round_trip()
    samples = []
    gc.disable()
    end = time.perf_counter() + SPAN
    while not samples or time.perf_counter() < end:
        before()
        start = time.perf_counter_ns()
        round_trip()
        samples.append(time.perf_counter_ns() - start)
    gc.enable()
    return statistics.median(samples) / 1000


def speed_up(seconds):
    """How much faster two workers are than one; `seconds(workers)` does the work."""
    one, two = zip(*((seconds(1), seconds(2)) for _ in range(3)))
    return statistics.median(one) / statistics.median(two)


def memory(pids):
    """The average proportional set size of these processes, in KiB."""

    def kibibytes(pid):
        with open(f"/proc/{pid}/smaps_rollup") as rollup:
            return next(int(line.split()[1]) for line in rollup if line.startswith("Pss:"))

    return statistics.mean(map(kibibytes, pids))
