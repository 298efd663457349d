"""How an exercise is declared: what it asks, the reference, the cases, the mistakes people make."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from types import MappingProxyType
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from mmcourse.checks.result import Result

VARIANTS = ("non-contiguous", "float64", "device")
_NOTHING: Mapping[str, Any] = MappingProxyType({})


@dataclass(frozen=True)
class Args:
    """The arguments of one call: `Args((waveform,), {"hop_length": 4})`."""

    args: tuple[Any, ...] = ()
    kwargs: Mapping[str, Any] = field(default_factory=dict)

    @classmethod
    def of(cls, made: Any) -> Args:
        """Read what a case's `make` returned: Args, a tuple of positional arguments, or a single one."""
        if isinstance(made, cls):
            return made
        return cls(made if isinstance(made, tuple) else (made,))


@dataclass(frozen=True)
class Case:
    """One input. `make(generator)` takes a seeded torch.Generator and returns the arguments.

    timed     the case whose time is compared with the reference's, where the exercise has a slow_factor
    gradient  False where this input has no useful gradient although the exercise asks for gradients
    """

    name: str
    make: Callable[[Any], Any]
    timed: bool = False
    gradient: bool = True


@dataclass(frozen=True)
class Mistake:
    """A wrong answer people really give, and the one sentence that names it and asks the way out."""

    name: str
    wrong: Callable[..., Any]
    sentence: str


@dataclass(frozen=True, eq=False)
class Exercise:
    """An exercise; calling it with a learner's function or class checks that answer.

    reference    gives the right output for every case's arguments
    judge        (got, wanted, args) -> sentence or None, instead of comparing with the reference's output
    call         (answer, *args, **kwargs) -> output: how an answer is used, when it is not a plain function
    parameters   the arguments' names, so that an answer with keyword-only ones is called by name
    tolerance    an entry is right when |got - wanted| <= tolerance * (1 + |wanted|)
    scaled       True: |wanted| there is the largest of the output, as rounding in a sum over many terms asks
    variants     inputs derived from the first case with float tensors: see VARIANTS
    time_limit   seconds a call may take
    slow_factor  how many times the reference's time the timed (or last) case may take
    Raises       ValueError for an id, difficulty, hint, case or variant that does not fit
    """

    id: str
    name: str
    title: str
    difficulty: int
    minutes: int
    reference: Callable[..., Any]
    hints: tuple[str, ...]
    cases: tuple[Case, ...]
    stub: str = ""
    mistakes: tuple[Mistake, ...] = ()
    noticing: str = ""
    parameters: tuple[str, ...] = ()
    judge: Callable[[Any, Any, Args], str | None] | None = None
    call: Callable[..., Any] | None = None
    tolerance: float = 1e-5
    scaled: bool = False
    gradient: bool = False
    variants: tuple[str, ...] = VARIANTS
    exact_dtype: bool = True
    accept_numpy: bool = False
    in_place: bool = False
    time_limit: float = 5.0
    slow_factor: float | None = None

    def __post_init__(self) -> None:
        for wrong, sentence in (
            (not re.fullmatch(r"\d\d\.\d+", self.id), f"id must look like '01.3', got {self.id!r}"),
            (not self.name.isidentifier(), f"name must be a Python name, got {self.name!r}"),
            (self.difficulty not in (1, 2, 3), f"difficulty must be 1, 2 or 3, got {self.difficulty!r}"),
            (self.minutes < 1, f"minutes must be at least 1, got {self.minutes!r}"),
            (len(_texts(self.hints)) < 2, f"at least two hints are needed, got {len(_texts(self.hints))}"),
            (len(set(self.hints)) < len(self.hints), "two hints are the same; each must say more"),
            (not self.cases, "at least one case is needed"),
            (_twice(case.name for case in self.cases), "two cases have the same name"),
            (_twice(mistake.name for mistake in self.mistakes), "two mistakes have the same name"),
            (
                not set(self.variants) <= set(VARIANTS),
                f"variants must be among {VARIANTS}, got {self.variants}",
            ),
            (self.tolerance < 0, f"tolerance must not be negative, got {self.tolerance}"),
            (self.time_limit <= 0, f"time_limit must be above 0 s, got {self.time_limit}"),
        ):
            if wrong:
                raise ValueError(f"exercise {self.id} {self.name}: {sentence}")

    @property
    def lesson(self) -> str:
        """The lesson's two digits, '01' for exercise '01.3'."""
        return self.id.split(".")[0]

    @property
    def sentence(self) -> str:
        """What the stub raises: the id and what is to be done."""
        return f"{self.id}: {self.stub or self.title}"

    def use(self, answer: Any, args: Args) -> Any:
        """Call `answer` on `args`, through `call` where the exercise has one."""
        if self.call is not None:
            return self.call(answer, *args.args, **args.kwargs)
        return answer(*args.args, **args.kwargs)

    def __call__(self, answer: Any = None, *, seed: int = 0) -> Result:
        """Check a learner's `answer`; random cases are drawn from `seed`."""
        from mmcourse.checks.run import check

        return check(self, answer, seed)


def _texts(hints: tuple[str, ...]) -> list[str]:
    """The hints that say anything; a bare string instead of a tuple counts as one hint."""
    return [hints] if isinstance(hints, str) else [hint for hint in hints if hint.strip()]


def _twice(names: Any) -> bool:
    names = list(names)
    return len(set(names)) < len(names)
