"""What the answers to 06.10 deal out, and the sentences on what is wrong with it."""

from __future__ import annotations

import math
from collections import Counter
from dataclasses import dataclass
from typing import Any

from mmcourse.checks.show import describe

ENOUGH = 10  # rows, from which on two orders are not the same by chance


@dataclass
class Dealt:
    """An answer's output: for the rank asked for, then for all ranks [rank][batch][row], and so on."""

    asked: Any
    shares: list
    again: list
    epochs: list
    seeds: list
    alone: list
    touched: bool

    def __repr__(self) -> str:
        return "; ".join(f"rank {rank}: {describe(share, 60)}" for rank, share in enumerate(self.shares))


def fault(dealt, rows, batch_size, epoch, rank, size):
    """The first thing that is wrong, in a sentence without its full stop, or None."""
    for share in dealt.shares:
        wrong_form = _form(share, rows)
        if wrong_form:
            return wrong_form
    shares, again = _plain(dealt.shares), _plain(dealt.again)
    if shares != again or _plain([dealt.asked])[0] != shares[rank]:
        return (
            "The same arguments gave two different lists, so every process would shuffle in its own way: "
            "draw from a generator of your own, seeded by seed and epoch"
        )
    return (
        _steps(shares, rows, batch_size, size)
        or _once_each(shares, rows, size)
        or _batches(shares, rows, batch_size)
        or _random(dealt, shares, rows, epoch, size)
        or _alone(dealt, shares, rows)
        or _shared_generators(dealt)
    )


def _form(share, rows):
    if hasattr(share, "send"):
        return "A function with `yield` returns a generator: collect the lists in one list and return it"
    if not isinstance(share, (list, tuple)) or not all(hasattr(batch, "__len__") for batch in share):
        return f"A list of lists is wanted, a list of rows for each batch; it is {describe(share, 60)}"
    for row in (row for batch in share for row in batch):
        if isinstance(row, (bool, float, str)) or not hasattr(row, "__index__"):
            return f"A row should be a whole number, and one is {describe(row, 40)}"
        if not 0 <= int(row) < rows:
            return f"There is no row {int(row)}: with {rows} rows they are 0 to {rows - 1}"
    return None


def _plain(shares):
    return [[[int(row) for row in batch] for batch in share] for share in shares]


def _steps(shares, rows, batch_size, size):
    """Every process makes a step for every batch, even where its share is empty."""
    wanted, counts = -(-rows // batch_size), [len(share) for share in shares]
    if set(counts) == {wanted}:
        return None
    if len(set(counts)) > 1:
        few, many = min(counts), max(counts)
        return (
            f"Process {counts.index(few)} returns a list of {few} and process {counts.index(many)} one of "
            f"{many}, so in the last step one would wait for the other for ever. Cut the rows into batches "
            "first, and share out each of them; a share may be an empty list, keep it"
        )
    in_all = (
        f"{rows} rows in batches of {batch_size} make {wanted} batches, and every process has {counts[0]}"
    )
    dealt = sum(len(batch) for share in shares for batch in share)
    if counts[0] == rows // batch_size and dealt < rows:
        return f"{in_all}: the last batch is smaller, but its rows count too"
    if size > 1 and counts[0] == math.ceil(math.ceil(rows / size) / batch_size):
        return f"{in_all}: batch_size is that of all processes together, of which each takes its share"
    return f"{in_all}: cut the rows into batches first, then share out each batch"


def _once_each(shares, rows, size):
    times = Counter(row for share in shares for batch in share for row in batch)
    twice = sorted(row for row, count in times.items() if count > 1)
    never = sorted(set(range(rows)) - set(times))
    if size > 1 and rows > 1 and all(count == size for count in times.values()) and not never:
        return "Every process goes through all rows: each should take only its share of a batch"
    if twice and never:
        return (
            f"Row {twice[0]} is dealt {times[twice[0]]} times and row {never[0]} to nobody: is the order the "
            "same in all processes, whatever their rank, and drawn without putting back?"
        )
    if twice:
        return (
            f"Row {twice[0]} is dealt {times[twice[0]]} times, as if to fill up, and would count so often in "
            "the mean: where it does not divide, a share is one row shorter"
        )
    if never:
        return f"Row {never[0]} is dealt to nobody: where it does not divide, the rest is somebody's too"
    return None


def _batches(shares, rows, batch_size):
    """Together the shares of a step are one batch, and no share is two rows longer than another."""
    for step, parts in enumerate(zip(*shares, strict=True)):
        sizes = [len(part) for part in parts]
        wanted = min(batch_size, rows - step * batch_size)
        if sum(sizes) != wanted:
            return (
                f"In step {step} all processes together have {sum(sizes)} rows, wanted {wanted}: cut the "
                "shuffled rows into batches first, then share out each batch"
            )
        if max(sizes) - min(sizes) > 1:
            return (
                f"In step {step} the shares hold {', '.join(map(str, sizes))} rows, so some processes wait "
                "for others: two shares of a batch should differ by one row at most"
            )
    return None


def _random(dealt, shares, rows, epoch, size):
    if rows < ENOUGH:
        return None
    order = [row for batch in _plain(dealt.alone)[0] for row in batch]
    if order == sorted(order):
        return "The rows come in the order of the table: shuffle them"
    epochs = [shares, *map(_plain, dealt.epochs)]
    if epochs[0] == epochs[1] or epochs[1] == epochs[2]:
        return (
            f"Epochs {epoch} and {epoch + 1} have the same order: the generator's seed has to hold the epoch"
        )
    orders = [[row for batch in _batch_lists(deal) for row in batch] for deal in epochs]
    if size == 1 and any(_is_turned(orders[0], other) for other in orders[1:]):
        return (
            "The rows follow each other in every epoch as in the one before, only the beginning differs: "
            "shuffle anew, with a generator seeded by seed and epoch"
        )
    if any(_plain(other) == shares for other in dealt.seeds):
        return "Another seed gives the same order: the generator's seed has to hold `seed` as well"
    if len({frozenset(_batch_sets(deal)) for deal in epochs}) == 1 and len(shares[0]) > 1:
        return (
            "The same rows share a batch in every epoch, only the order of the batches changes: shuffle "
            "rows, then cut them into batches"
        )
    if size > 1 and len({frozenset(row for batch in deal[0] for row in batch) for deal in epochs}) == 1:
        return (
            "Process 0 has the same rows in every epoch: shuffle all rows first, then share them out, or a "
            "process never sees those of the others"
        )
    return None


def _batch_lists(shares):
    """The rows of each batch, one process after the other."""
    return [[row for part in parts for row in part] for parts in zip(*shares, strict=True)]


def _is_turned(order, other):
    """Whether `other` is `order` begun at another place."""
    start = order.index(other[0])
    return order[start:] + order[:start] == other


def _batch_sets(shares):
    """The rows of each batch, whichever process has them."""
    return [frozenset(row for part in parts for row in part) for parts in zip(*shares, strict=True)]


def _alone(dealt, shares, rows):
    if rows >= ENOUGH and _batch_sets(_plain(dealt.alone)) != _batch_sets(shares):
        return (
            f"With one process the batches hold other rows than with {len(shares)}, so a training could not "
            "go on with another number of processes: the order must not depend on size or rank"
        )
    return None


def _shared_generators(dealt):
    if dealt.touched:
        return (
            "You seed or use the generator that all share, so dropout would draw the same numbers in every "
            "epoch: make one of your own, torch.Generator().manual_seed(…) or random.Random(…)"
        )
    return None
