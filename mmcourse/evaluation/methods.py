"""What is compared: methods, the budget that each of them gets, and the task that it is given."""

from __future__ import annotations

import copy
import math
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from itertools import product

import torch
from torch import Tensor, nn

from mmcourse.errors import CourseError
from mmcourse.training import Batches, fit

LEVELS = ("one sense", "early", "intermediate", "late", "")
CHOICES = ("val_accuracy", "val_loss")
OPTIONS = ("learning_rate", "weight_decay", "max_norm", "schedule", "warmup", "optimiser", "loss")  # of `fit`


@dataclass(frozen=True)
class Budget:
    """What every method may spend, the same for each.

    epochs      of each training
    trials      settings that a method may try, of which the best on validation is tested
    batch_size  examples of a batch
    choose      the best by "val_accuracy" (equal ones by their loss) or by "val_loss"
    device      where to train, as `fit` takes it
    Raises      CourseError for numbers below 1, or another way to choose
    """

    epochs: int = 12
    trials: int = 1
    batch_size: int = 64
    choose: str = "val_accuracy"
    device: str | None = None

    def __post_init__(self):
        for name in ("epochs", "trials", "batch_size"):
            value = getattr(self, name)
            if isinstance(value, bool) or not isinstance(value, int) or value < 1:
                raise CourseError(f"{name} of a budget is a whole number from 1 on, got {value!r}.")
        if self.choose not in CHOICES:
            raise CourseError(f"choose is one of {', '.join(CHOICES)}; got {self.choose!r}.")


@dataclass
class Task:
    """What a method gets to learn from: training and validation examples, and no test example.

    train, val  name -> tensor, one row an example, with "label"
    classes     how many
    seed        of everything random
    trainings   how often `fit` was called
    """

    train: dict[str, Tensor]
    val: dict[str, Tensor]
    classes: int
    seed: int
    budget: Budget
    trainings: int = field(default=0, init=False)

    def fit(self, model: nn.Module, **options) -> nn.Module:
        """Train a model within the budget, and return it.

        options  of mmcourse.training.fit, such as learning_rate; epochs, seed and device are the budget's
        Raises   CourseError for another option that would change the budget
        """
        spent = {"epochs", "seed", "device", "checkpoints", "resume"} & options.keys()
        if spent:
            raise CourseError(
                f"{', '.join(sorted(spent))} of a training in a comparison must be the same for all methods: "
                "give them in the Budget."
            )
        self.trainings += 1
        fit(
            model,
            Batches(self.train, self.budget.batch_size, seed=self.seed),
            Batches(self.val, 256),
            epochs=self.budget.epochs,
            seed=self.seed,
            device=self.budget.device,
            **options,
        )
        return model


@dataclass(frozen=True)
class Method:
    """A way to classify, and the settings that may be tried with it.

    name      in tables and figures
    train     (task, **setting) -> a model, which takes a batch and returns logits; or a function of a table
              that returns logits or log-probabilities [example, class]. It sees no test example.
    settings  keyword arguments of `train`, as many choices as the budget has trials
    level     where the senses meet: "early" (inputs or low features), "intermediate" (embeddings), "late"
              (decisions), or "one sense"
    Raises    CourseError for a name, function, settings or level that cannot be used
    """

    name: str
    train: Callable
    settings: Sequence[Mapping] = ({},)
    level: str = ""

    def __post_init__(self):
        if not isinstance(self.name, str) or not self.name.strip():
            raise CourseError(f"a method needs a name for tables and figures, got {self.name!r}.")
        if not callable(self.train):
            raise CourseError(
                f"{self.name!r} needs a function (task, **setting) -> model, got {type(self.train).__name__}."
            )
        good = isinstance(self.settings, Sequence) and all(isinstance(one, Mapping) for one in self.settings)
        if not good or len(self.settings) == 0:
            raise CourseError(
                f"the settings of {self.name!r} are a list of dicts, such as [{{'learning_rate': 0.01}}]; "
                f"got {self.settings!r}."
            )
        if self.level not in LEVELS:
            words = ", ".join(repr(level) for level in LEVELS if level)
            raise CourseError(f"the level of {self.name!r} is one of {words}; got {self.level!r}.")


@dataclass(frozen=True)
class Built:
    """The `train` of a method that is one network: build it, then fit it.

    build    (task, **setting) -> module
    options  of `fit`, the same in every trial
    """

    build: Callable
    options: Mapping = field(default_factory=dict)

    def __call__(self, task: Task, **setting) -> nn.Module:
        """Build with the setting, less what belongs to `fit`; fit with that."""
        of_fit = {name: value for name, value in setting.items() if name in OPTIONS}
        of_build = {name: value for name, value in setting.items() if name not in OPTIONS}
        options = copy.deepcopy(dict(self.options))  # a callback must not remember the run before
        return task.fit(self.build(task, **of_build), **{**options, **of_fit})


def network(
    name: str, build: Callable, *, settings: Sequence[Mapping] = ({},), level: str = "", **options
) -> Method:
    """Describe a method that is one network, trained by `fit`.

    build     (task, **setting) -> module; task.classes and the shapes in task.train say how large
    settings  to try: learning_rate, weight_decay, max_norm, schedule, warmup, optimiser and loss go
              to `fit`, others to `build`
    options   of `fit`, the same in every trial
    """
    return Method(name, Built(build, options), settings, level)


def settings_grid(limit: int | None = None, *, seed: int = 0, **choices: Sequence) -> list[dict]:
    """Return all combinations of choices as settings, or some of them, drawn at random.

    settings_grid(learning_rate=[1e-3, 1e-2], hidden=[32, 64]) are four

    limit   how many at most; the first choices of all come first among them
    Raises  CourseError for a choice without values, or a limit below 1
    Source  Bergstra & Bengio 2012, "Random search for hyper-parameter optimization"
    """
    for name, values in choices.items():
        if isinstance(values, str) or not isinstance(values, Sequence) or len(values) == 0:
            raise CourseError(f"{name} needs a list of values to try, got {values!r}.")
    every = [dict(zip(choices, values, strict=True)) for values in product(*choices.values())]
    if limit is None or limit >= len(every):
        return every
    if limit < 1:
        raise CourseError(f"limit must be at least 1 setting, or None for all; got {limit}.")
    generator = torch.Generator().manual_seed(seed)
    chosen = 1 + torch.randperm(len(every) - 1, generator=generator)[: limit - 1]
    return [every[0], *(every[i] for i in sorted(chosen.tolist()))]


@dataclass(frozen=True)
class Tables:
    """The three parts of a data set as tensors, in memory.

    train, val, test  name -> tensor, one row an example, with "label"
    """

    train: dict[str, Tensor]
    val: dict[str, Tensor]
    test: dict[str, Tensor]

    @classmethod
    def of(cls, parts: object, what: str) -> Tables:
        """Take anything with train, val and test, a dict or an object; each part's tensors are kept.

        Raises  CourseError where a part or its labels are missing, or a part is empty
        """
        found = {}
        for name in ("train", "val", "test"):
            part = parts.get(name) if isinstance(parts, Mapping) else getattr(parts, name, None)
            if not isinstance(part, Mapping) or not isinstance(part.get("label"), Tensor):
                raise CourseError(
                    f"{what} needs train, val and test, each a dict of tensors with 'label'; {name} is "
                    f"{type(part).__name__ if not isinstance(part, Mapping) else f'a dict of {list(part)}'}."
                )
            found[name] = {key: value for key, value in part.items() if isinstance(value, Tensor)}
            if len(part["label"]) == 0:
                raise CourseError(f"{name} of {what} has no examples.")
        return cls(**found)

    @property
    def classes(self) -> int:
        """One more than the highest label in any part."""
        return 1 + max(int(part["label"].max()) for part in (self.train, self.val, self.test))


def mean_and_spread(figures: Sequence[float]) -> tuple[float, float]:
    """Return the mean and the standard deviation over seeds; NaN for the spread of one."""
    mean = math.fsum(figures) / len(figures)
    if len(figures) < 2:
        return mean, math.nan
    return mean, math.sqrt(math.fsum((one - mean) ** 2 for one in figures) / (len(figures) - 1))
