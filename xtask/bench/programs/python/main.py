"""The peers written in Python: `main.py OPERATION CONTENDER` prints one figure, `main.py` lists the contenders."""

import sys

import between_processes
import between_threads
import pools

CONTENDERS = {**between_processes.CONTENDERS, **between_threads.CONTENDERS, **pools.CONTENDERS}


def main():
    figure = CONTENDERS.get(tuple(sys.argv[1:]))
    if figure is None:
        print(*("{}: {}".format(*contender) for contender in CONTENDERS), sep="\n", file=sys.stderr)
        return 2
    try:
        print(figure())
    except ModuleNotFoundError as error:
        print(f"{error.name} is not installed: pip install {error.name}", file=sys.stderr)
        return 77
    return 0


if __name__ == "__main__":
    sys.exit(main())
