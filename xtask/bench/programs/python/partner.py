"""The process at the other end, as in ../src/partner.rs."""

import multiprocessing
import os
import time

import measure

# All processes are forked, as ours are.
fork = multiprocessing.get_context("fork")


class StartLine:
    """A line at which children wait until all have arrived, so that their start is not timed."""

    def __init__(self):
        self.arrivals, self.starts = os.pipe(), os.pipe()

    def wait(self):
        os.write(self.arrivals[1], b"a")
        os.read(self.starts[0], 1)

    def start(self, children):
        arrived = 0
        while arrived < children:
            arrived += len(os.read(self.arrivals[0], children))
        os.write(self.starts[1], b"s" * children)

    def close(self):
        for descriptor in self.arrivals + self.starts:
            os.close(descriptor)


def stream(queue, message, count):
    """The seconds that this many messages take from a child to us."""
    line = StartLine()

    def send():
        line.wait()
        for _ in range(count):
            queue.put(message)

    sender = fork.Process(target=send)
    sender.start()
    line.start(1)
    with measure.Stopwatch() as watch:
        for _ in range(count):
            assert len(queue.get()) == len(message)
    sender.join()
    line.close()
    return watch.seconds


def round_trip(answer, call, before=lambda: None, cores=()):
    """The median time of `call` with a child that only calls `answer`; the two processes run on these cores."""

    def echo():
        if cores:
            pin(cores[1])
        while True:
            answer()

    child = fork.Process(target=echo, daemon=True)
    child.start()
    if cores:
        pin(cores[0])
    p50 = measure.p50(call, before)
    child.kill()
    child.join()
    return p50


def two(count, half):
    """The seconds that two children take, on separate cores, each to do half of `count`."""
    line = StartLine()

    def work(core):
        pin(core)
        line.wait()
        half(count // 2)

    children = [fork.Process(target=work, args=(core,)) for core in range(2)]
    for child in children:
        child.start()
    line.start(2)
    with measure.Stopwatch() as watch:
        for child in children:
            child.join()
    line.close()
    return watch.seconds


def pin(core):
    """Stays on this core from now on, or on any core if the machine does not have it."""
    try:
        os.sched_setaffinity(0, {core})
    except OSError:
        pass


def until_asleep():
    """After so long the other one sleeps. It costs no time that counts."""
    time.sleep(200e-6)
