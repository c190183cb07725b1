"""Processes, and how multiprocessing connects them."""

from measure import Stopwatch, rate, rate_of, speed_up
from partner import fork, round_trip, stream, two, until_asleep
from task import PRIMES, primes

SMALL, LARGE = 64, 1 << 20


def process():
    def once():
        child = fork.Process(target=int)
        child.start()
        child.join()
        child.close()

    return rate_of(once)


def queue_small():
    return rate(lambda count: stream(fork.Queue(), b"x" * SMALL, count))


def queue_large():
    return rate(lambda count: stream(fork.Queue(), b"x" * LARGE, count)) * LARGE / 1e6


def queue_round_trip():
    there, back = fork.Queue(), fork.Queue()

    def call():
        there.put(b"x" * SMALL)
        back.get()

    return round_trip(lambda: back.put(there.get()), call)


def take(lock, count):
    for _ in range(count):
        with lock:
            pass


def lock():
    own = fork.Lock()

    def batch(count):
        with Stopwatch() as watch:
            take(own, count)
        return watch.seconds

    return rate(batch)


def lock_two():
    shared = fork.Lock()
    return rate(lambda count: two(count, lambda half: take(shared, half)))


def event():
    there, back = fork.Event(), fork.Event()

    def answer():
        there.wait()
        there.clear()
        back.set()

    def call():
        there.set()
        back.wait()
        back.clear()

    return round_trip(answer, call, before=until_asleep, cores=(0, 1))


def processor():
    def seconds(workers):
        found = fork.Array("q", workers)

        def work(worker):
            found[worker] = primes(worker, workers)

        with Stopwatch() as watch:
            children = [fork.Process(target=work, args=(worker,)) for worker in range(workers)]
            for child in children:
                child.start()
            for child in children:
                child.join()
        assert sum(found) == PRIMES
        return watch.seconds

    return speed_up(seconds)


CONTENDERS = {
    ("process", "Process"): process,
    ("queue-64", "mp.Queue"): queue_small,
    ("queue-1m", "mp.Queue"): queue_large,
    ("queue-round-trip", "mp.Queue"): queue_round_trip,
    ("lock", "mp.Lock"): lock,
    ("lock-2", "mp.Lock"): lock_two,
    ("event", "mp.Event"): event,
    ("cpu", "Process"): processor,
}
