"""Call an answer that draws at random several times: is it seeded, does the seed matter?"""

from __future__ import annotations

import copy
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from mmcourse.checks.show import describe

OTHER_SEEDS = 6


class Name(str):
    """A string whose hash differs from call to call.

    Python gives a string another hash in every run, and with it a set another order. Within one run
    nothing changes, so without this a check would not see an answer that depends on the order of a set.
    """

    salt: int

    def __new__(cls, text: str, salt: int) -> Name:
        name = super().__new__(cls, text)
        name.salt = salt
        return name

    def __hash__(self) -> int:
        return hash((str(self), self.salt))

    def __eq__(self, other: object) -> bool:
        return str.__eq__(self, other)

    def __reduce__(self) -> tuple[Any, ...]:
        return Name, (str(self), self.salt)


@dataclass
class Repeats:
    """What an answer gave: twice for the seed asked for, then for other seeds."""

    first: Any
    again: Any
    others: list[Any]
    changed_input: bool

    def __repr__(self) -> str:  # what a result shows as the answer's output
        return describe(self.first)


def repeat(answer: Callable[..., Any], *args: Any, **kwargs: Any) -> Repeats | None:
    """Call `answer` again and again with its `seed`, the last argument; None when it returns None."""
    changed = False

    def once(more: int, salt: int = 0) -> Any:
        nonlocal changed
        given, named = _salted(list(args), salt), _salted(kwargs, salt)
        if "seed" in named:
            named["seed"] += more
        else:
            given[-1] += more
        before = copy.deepcopy((given, named))
        output = answer(*given, **named)
        changed = changed or (given, named) != before
        return output

    first = once(0)
    if first is None:
        return None
    again = once(0, salt=1)
    return Repeats(first, again, [once(1 + k) for k in range(OTHER_SEEDS)], changed)


def seed_fault(runs: Repeats, plain: Callable[[Any], Any], what: str, many: bool) -> str | None:
    """Say what is wrong with the use of the seed, if anything.

    plain  turns an output into something that == compares
    what   the thing drawn, 'split'
    many   whether so many outcomes are possible that six other seeds cannot all give the same one
    """
    first = plain(runs.first)
    if plain(runs.again) != first:
        return (
            f"The same seed gave two different {what}s: draw from random.Random(seed) and from nothing else. "
            "A set has another order in every run: go through it sorted"
        )
    if many and all(plain(other) == first for other in runs.others):
        return f"Every seed gives the same {what}: `seed` is not used, or another number is"
    if runs.changed_input:
        return "The function changed its input: shuffle a copy, the caller still needs the order"
    return None


def _salted(value: Any, salt: int) -> Any:
    """Copy lists and dicts to the bottom; a string in a list becomes a Name."""
    if isinstance(value, list):
        return [Name(item, salt) if isinstance(item, str) else _salted(item, salt) for item in value]
    if isinstance(value, dict):
        return {key: _salted(item, salt) for key, item in value.items()}
    return value
