"""The tasks, as in ../src/task.rs. Pools pickle them by name, so they stand in a module of their own."""

import os

# Fewer than in Rust, so that Python takes about as long: only the ratio of two times matters.
BELOW = 300_000
PRIMES = 25_996


def square(number):
    return number * number


def pid(_):
    return os.getpid()


def primes(worker, workers):
    count = 0
    for number in range(3 + 2 * worker, BELOW, 2 * workers):
        factor = 3
        while factor * factor <= number and number % factor:
            factor += 2
        count += factor * factor > number
    return count
