"""The command: `torchrun --nproc_per_node=N -m mmcourse.training --config FILE`, or `python -m` for one."""

from __future__ import annotations

import argparse
import os
import sys
import time
import warnings
from typing import NoReturn

from mmcourse.errors import CourseError
from mmcourse.training.config import Config, read
from mmcourse.training.distributed import World, leave, processes
from mmcourse.training.example import EXAMPLE
from mmcourse.training.guards import Diverged, OutOfMemory
from mmcourse.training.interrupt import Interrupted
from mmcourse.training.job import train

WAIT = 5.0  # seconds that the others leave the first process to say it for all
STOPPED = 130  # exit code of a program that Ctrl-C ended


class _Parser(argparse.ArgumentParser):
    def error(self, message: str) -> NoReturn:
        """Say it as every other error of the command."""
        raise CourseError(f"{message}. `python -m mmcourse.training --help` lists the options.")


def main(arguments: list[str] | None = None) -> int:
    """Run the command and return its exit code.

    Errors are a sentence, said once: 2 for what the file or the command asks for, 1 for a training that
    failed, 130 for Ctrl-C.
    """
    rank = int(os.environ.get("RANK", "0"))
    try:
        asked = _asked(arguments)
        if asked.example:
            print(EXAMPLE if rank == 0 else "", end="")
            return 0
        if asked.config is None:
            raise CourseError("give --config FILE; --example prints a file to begin with.")
        config = read(asked.config)
        if rank or not sys.stderr.isatty():
            os.environ.setdefault("MMCOURSE_QUIET", "1")  # bars, those of data sets too, are for a terminal
        with processes(config.training["device"]) as world, _spoken_warnings(world.first):
            code = _train(config, world, asked.fresh)
        return code
    except CourseError as error:
        return _say(error, rank)
    except KeyboardInterrupt:
        return _say("Stopped.", rank, STOPPED)


def _asked(arguments: list[str] | None) -> argparse.Namespace:
    parser = _Parser(
        prog="python -m mmcourse.training",
        description="Train a model as a TOML file says; several processes of it share the work.",
        epilog="A second call goes on where the first was broken off. In several processes: "
        "torchrun --nproc_per_node=2 -m mmcourse.training --config FILE",
    )
    parser.add_argument("--config", metavar="FILE", help="what to train, on what, and where results go")
    parser.add_argument("--fresh", action="store_true", help="begin anew, not from the folder's checkpoints")
    parser.add_argument("--example", action="store_true", help="print a file to begin with, and end")
    return parser.parse_args(arguments)


def _train(config: Config, world: World, fresh: bool) -> int:
    """Train, and turn what goes wrong into a sentence and an exit code."""
    try:
        train(config, world, fresh=fresh)
        return 0
    except CourseError as error:
        code = _say(error, world.rank)
    except Interrupted as error:
        again = "the same command, without --fresh," if fresh else "the same command"
        code = _say(str(error).replace("the same call of fit", again), world.rank, STOPPED)
    except (Diverged, OutOfMemory, ValueError) as error:
        text = str(error).replace("give resume=False", "give --fresh")
        code = _say(f"{config.file}: {text}", world.rank, 1)
    except RuntimeError:
        if world.size > 1:  # another process has ended, and torchrun is about to end this one
            time.sleep(WAIT)
        raise
    if world.size > 1:
        leave(code)  # at once: the others may wait for this process, and must not hear a farewell
    return code


def _say(error: object, rank: int, code: int = CourseError.exit_code) -> int:
    """Say what went wrong, on behalf of all processes.

    torchrun ends the others as soon as one has ended. So they wait: what all found, the first one says; what
    one of them found alone, such as NaN among its rows, it says itself.
    """
    if rank and code == STOPPED:
        return code  # all were stopped together
    if rank:
        time.sleep(WAIT)
    print(f"process {rank}: {error}" if rank else error, file=sys.stderr, flush=True)
    return code


class _spoken_warnings(warnings.catch_warnings):
    """Say warnings of the first process as sentences, without the line of code; the others are silent."""

    def __init__(self, first: bool):
        super().__init__()
        self._first = first

    def __enter__(self) -> None:
        super().__enter__()
        warnings.showwarning = lambda message, *_, **__: self._first and print(message, file=sys.stderr)


if __name__ == "__main__":
    exit_code = main()
    if "WORLD_SIZE" in os.environ:
        leave(exit_code)
    sys.exit(exit_code)
