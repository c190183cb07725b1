"""Pools of two workers. loky is there too, for whoever has it."""

from concurrent.futures import ProcessPoolExecutor, ThreadPoolExecutor

from measure import Stopwatch, memory, p50, rate, rate_of
from partner import fork
from task import pid, square

WORKERS = 2


def processes():
    return ProcessPoolExecutor(WORKERS, mp_context=fork)


def threads():
    return ThreadPoolExecutor(WORKERS)


def loky():
    from loky import get_reusable_executor

    return get_reusable_executor(WORKERS)


def timed(collect):
    """A batch: so many squares, that `collect` returns in order."""

    def batch(count):
        with Stopwatch() as watch:
            squares = collect(count)
        assert len(squares) == count and squares[-1] == square(count - 1)
        return watch.seconds

    return batch


def pool():
    with fork.Pool(WORKERS) as pool:

        def collect(count):
            handles = [pool.apply_async(square, (number,)) for number in range(count)]
            return [handle.get() for handle in handles]

        return rate(timed(collect))


def pool_map():
    with fork.Pool(WORKERS) as pool:
        return rate(timed(lambda count: pool.map(square, range(count))))


def pool_apply():
    with fork.Pool(WORKERS) as pool:
        return p50(lambda: pool.apply(square, (3,)))


def pool_start():
    def once():
        pool = fork.Pool(WORKERS)
        pool.close()
        pool.join()

    return rate_of(once)


def pool_memory():
    with fork.Pool(WORKERS) as pool:
        pool.map(square, range(1000), chunksize=1)
        return memory(worker.pid for worker in pool._pool)


def futures(make):
    def figure():
        with make() as pool:

            def collect(count):
                futures = [pool.submit(square, number) for number in range(count)]
                return [future.result() for future in futures]

            return rate(timed(collect))

    return figure


def future():
    with loky() as pool:
        return p50(lambda: pool.submit(square, 3).result())


def loky_memory():
    with loky() as pool:
        pids = set(pool.map(pid, range(1000)))
        return memory(pids)


CONTENDERS = {
    ("pool", "mp.Pool"): pool,
    ("pool", "ProcessPoolExecutor"): futures(processes),
    ("pool", "loky"): futures(loky),
    ("pool-map", "mp.Pool"): pool_map,
    ("pool-apply", "mp.Pool"): pool_apply,
    ("pool-apply", "loky"): future,
    ("pool-start", "mp.Pool"): pool_start,
    ("memory", "mp.Pool"): pool_memory,
    ("memory", "loky"): loky_memory,
    ("thread-pool", "ThreadPoolExecutor"): futures(threads),
}
