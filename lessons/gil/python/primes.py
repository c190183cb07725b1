"""Counts the primes from START up to END with one worker, two threads and two processes.

The scene cpu-bound runs it: python3 primes.py START END. A line has the seconds and the name of a way.
"""

import sys
import time
from concurrent.futures import ProcessPoolExecutor, ThreadPoolExecutor
from math import isqrt

CHUNK = 200


def primes(start):
    """Counts the primes of a chunk, as primes.rs does."""
    return sum(map(is_prime, range(start, start + CHUNK)))


def is_prime(number):
    return all(number % divisor for divisor in range(2, isqrt(number) + 1))


def one_worker(chunks):
    return sum(map(primes, chunks))


def two_threads(chunks):
    with ThreadPoolExecutor(2) as pool:
        return sum(pool.map(primes, chunks))


def two_processes(chunks):
    with ProcessPoolExecutor(2) as pool:
        return sum(pool.map(primes, chunks, chunksize=8))  # Eight chunks a message.


def main():
    start, end = map(int, sys.argv[1:])
    has_gil = getattr(sys, "_is_gil_enabled", lambda: True)()  # The function is new in Python 3.13.
    version = f"Python {sys.version_info.major}.{sys.version_info.minor}"
    print(version, "with a GIL" if has_gil else "without a GIL")
    for way in one_worker, two_threads, two_processes:
        started = time.perf_counter()
        way(range(start, end, CHUNK))
        print(f"{time.perf_counter() - started:.6f} {way.__name__.replace('_', ' ')}")


if __name__ == "__main__":
    main()
