"""Two customers want the last seat. The argument says how Python starts their processes: fork or spawn."""

import multiprocessing
import sys
import time


def say(line):
    sys.stdout.write(line + "\n")
    sys.stdout.flush()


def buy(name, comes_after, seats, sold):
    time.sleep(comes_after)
    lock = seats.get_lock()
    lock.acquire()  # From the look at the seats to the sale, no one else looks.
    if seats.value > 0:
        say(f"{name}: takes the seat")
        seats.value -= 1
        sold.put(1)
    else:
        say(f"{name}: comes too late")
        sold.put(0)
    lock.release()


if __name__ == "__main__":
    context = multiprocessing.get_context(sys.argv[1])
    seats, sold = context.Value("i", 1), context.Queue()
    customers = [("anna", 0.0), ("bert", 0.1)]
    buyers = [context.Process(target=buy, args=(*customer, seats, sold)) for customer in customers]
    for buyer in buyers:
        buyer.start()
    total = sum(sold.get() for _ in buyers)
    for buyer in buyers:
        buyer.join()
    say(f"parent: sold {total} of 1")
