"""Jobs side by side, each process with threads of its own; one that dies loses the job it had in hand.

Processes are started by command, not by `multiprocessing`: that would run the caller's script once more in
each of them. They keep out of the way of Ctrl-C, and end when their parent does.
"""

from __future__ import annotations

import os
import pickle
import queue
import signal
import subprocess
import sys
import tempfile
import threading
import warnings
from collections.abc import Iterator, Sequence
from contextlib import suppress
from pathlib import Path
from typing import BinaryIO

import torch

import mmcourse
from mmcourse.errors import CourseError
from mmcourse.evaluation.bench import Bench, Job, Setup, explained

_START = "from mmcourse.evaluation.workers import serve; serve()"


def packed(setup: Setup) -> bytes:
    """Pickle what every process needs.

    Raises  CourseError for a method or condition that another process cannot be given
    """
    for kind, things in {"method": setup.methods, "condition": setup.conditions}.items():
        for name, thing in things.items():
            where = f"the {kind} {name!r} cannot be handed to another process"
            cure = "Put its functions into a file that can be imported, or use processes=1."
            try:
                content = pickle.dumps(thing)
            except Exception as error:  # pickle raises whatever the object's own code leads it to
                raise CourseError(f"{where} ({' '.join(str(error).split()).rstrip('.')}). {cure}") from None
            if b"__main__" in content:
                raise CourseError(f"{where}: it is defined in this notebook or script itself. {cure}")
    return pickle.dumps(setup)


class Worker:
    """A process that does one job at a time, and what it was last busy with."""

    def __init__(self, setup: bytes, threads: int, reports: queue.Queue):
        here = str(Path(mmcourse.__file__).parents[1])
        paths = os.pathsep.join([here, *filter(None, [os.environ.get("PYTHONPATH")])])
        environment = os.environ | {"PYTHONPATH": paths, "OMP_NUM_THREADS": str(threads)}
        self.job: Job | None = None
        self.data: tuple | None = None
        self._said = tempfile.TemporaryFile()  # noqa: SIM115  closed by `end`
        self._process = subprocess.Popen(
            [sys.executable, "-c", _START],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=self._said,
            env=environment,
            start_new_session=True,  # Ctrl-C goes to the parent's group only
        )
        self._outgoing: queue.Queue = queue.Queue()
        threading.Thread(target=self._listen, args=(reports,), daemon=True).start()
        threading.Thread(target=self._speak, daemon=True).start()  # a pipe is full until the other end reads
        self._outgoing.put(pickle.dumps(sys.path) + setup)

    def give(self, job: Job) -> None:
        """Hand over a job."""
        self.job, self.data = job, job.data
        self._outgoing.put(pickle.dumps(job))

    def _speak(self) -> None:
        with suppress(OSError, ValueError):  # it is dead, and the thread that listens says so
            while (content := self._outgoing.get()) is not None:
                self._process.stdin.write(content)
                self._process.stdin.flush()

    def _listen(self, reports: queue.Queue) -> None:
        while True:
            try:
                reports.put((self, pickle.load(self._process.stdout)))
            except Exception:  # its end, or half a report; whatever it is, nobody may wait for more
                reports.put((self, None))
                return

    def last_words(self) -> str:
        """Say why it is no more."""
        try:
            code = self._process.wait(timeout=10)
        except subprocess.TimeoutExpired:  # it lives, and what it says cannot be read
            self._process.kill()
            code = self._process.wait()
        self._said.seek(0)
        lines = self._said.read().decode(errors="replace").strip().splitlines()
        if code < 0:
            why = f"its process was ended by {signal.Signals(-code).name}"
            return f"{why}; was there memory enough?" if -code == 9 else why
        return f"its process ended with code {code}{f' ({lines[-1]})' if lines else ''}"

    def end(self) -> None:
        """End it at once, whatever it does."""
        self._process.kill()
        self._process.wait()
        self._outgoing.put(None)
        for pipe in (self._process.stdin, self._process.stdout, self._said):
            with suppress(OSError):  # what was not read any more
                pipe.close()


def side_by_side(
    jobs: Sequence[Job], setup: bytes, processes: int, threads: int
) -> Iterator[tuple[Job, dict | str]]:
    """Do jobs in several processes, and give each with its result, or why it has none, as they end.

    Raises  CourseError where the processes cannot be given what they need
    """
    waiting, reports = list(jobs), queue.Queue()
    workers: list[Worker] = []
    try:
        for _ in range(min(processes, len(waiting))):
            workers.append(Worker(setup, threads, reports))
            workers[-1].give(_take(waiting, workers[-1], workers))
        while any(worker.job for worker in workers):
            worker, message = reports.get()
            job, worker.job = worker.job, None
            if message is None:
                outcome = worker.last_words()
                workers.remove(worker)
                worker.end()
                if waiting:
                    worker = Worker(setup, threads, reports)
                    workers.append(worker)
            else:
                outcome = _opened(message, job)
            if waiting:
                worker.give(_take(waiting, worker, workers))
            yield job, outcome
    finally:
        for worker in workers:
            worker.end()


def _take(waiting: list[Job], worker: Worker, workers: list[Worker]) -> Job:
    """Take the next job for a worker: of the data that it holds, else of data that nobody works on."""
    busy = {other.data for other in workers if other is not worker and other.job}

    def cost(place: int) -> int:
        data = waiting[place].data
        return 0 if data == worker.data else 2 if data in busy else 1

    return waiting.pop(min(range(len(waiting)), key=cost))


def _opened(message: dict, job: Job) -> dict | str:
    if "unfit" in message:
        raise CourseError(f"another process cannot be given the methods and data: {message['unfit']}")
    for text in message["warnings"]:
        warnings.warn(f"{job}: {text}", stacklevel=2)
    return message["outcome"]


def serve() -> None:
    """Do jobs that come through standard input, in a process of its own, until there are no more."""
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    inward, outward = sys.stdin.buffer, os.fdopen(os.dup(1), "wb")
    os.dup2(2, 1)  # what a method prints must not get among the reports
    try:
        sys.path[:] = pickle.load(inward)
        try:
            setup = pickle.load(inward)
        except Exception as error:  # whatever an import in it leads to
            _report(outward, {"unfit": explained(error)})
            return
        _serve(setup, inward, outward)
    except (EOFError, BrokenPipeError):
        pass  # the parent has no more jobs, or is no more


def _serve(setup: Setup, inward: BinaryIO, outward: BinaryIO) -> None:
    torch.set_num_threads(setup.threads)
    bench = Bench(setup)
    while True:
        job = pickle.load(inward)
        with warnings.catch_warnings(record=True) as caught:
            warnings.simplefilter("default")
            outcome = bench.do(job)
        texts = dict.fromkeys(str(warning.message) for warning in caught if _ours(warning.category))
        _report(outward, {"outcome": outcome, "warnings": list(texts)})


def _ours(category: type[Warning]) -> bool:
    return issubclass(category, UserWarning | RuntimeWarning)


def _report(outward: BinaryIO, message: dict) -> None:
    outward.write(pickle.dumps(message))
    outward.flush()
