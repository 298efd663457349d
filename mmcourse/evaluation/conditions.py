"""Data to compare methods on: a data set at some noise, and what frozen encoders make of it."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path

import torch
from torch import Tensor, nn

from mmcourse.data.catalog import CATALOG
from mmcourse.data.wording import near_matches
from mmcourse.errors import CourseError
from mmcourse.evaluation.methods import Budget, Tables, Task
from mmcourse.evaluation.sources import code_of
from mmcourse.features import Standardizer
from mmcourse.modules.multimodal import OneSense
from mmcourse.training import Batches, evaluating, move
from mmcourse.training.prepared import Prepared, prepare, prepare_test

# noise added to pictures (standard deviation of a pixel in 0..1) and babble behind the speaker (dB)
NOISE = {
    "clean": {"image_noise": 0.0, "snr_db": None},
    "middle": {"image_noise": 0.4, "snr_db": -3.0},
    "hard": {"image_noise": 0.6, "snr_db": -6.0},
}


@dataclass(frozen=True)
class Data:
    """A data set at some noise, as lessons prepare it: a function of the seed that gives its tables.

    name             "digits", "mnist-fsdd", or "folder"
    image_noise      standard deviation of what is added to each pixel
    snr_db           the speaker against a babble of training voices, in dB; None for no babble
    pairs_per_image  recordings that each picture meets
    senses           "both", "image" or "speech"
    examples         of each part at most
    split_seed       the same split and pairs for every seed; None lets each seed draw its own, so that the
                     spread over seeds is also that over splits and unseen speakers
    options          of the data set, such as images= and speech= of "folder"
    Raises           CourseError for a data set that there is none of
    """

    name: str = "digits"
    image_noise: float = 0.0
    snr_db: float | None = None
    pairs_per_image: int = 3
    senses: str = "both"
    examples: int | None = None
    split_seed: int | None = None
    options: Mapping = field(default_factory=dict)

    def __post_init__(self):
        if self.name not in CATALOG:
            raise CourseError(f"There is no data set {self.name!r}. {near_matches(self.name, list(CATALOG))}")

    def __call__(self, seed: int) -> Tables:
        """Give the tables of a seed: what is compared."""
        return Tables.of(self.prepared(seed), self.name)

    def prepared(self, seed: int) -> Prepared:
        """Load, pair, split, add noise and represent: speech is standardised by its training part alone.

        Returns  the tables, with the classes' names and what the speech is standardised by
        """
        return prepare(self._asked(seed))

    def at_other_noise(
        self, seed: int, standardizer: Standardizer | None = None
    ) -> Callable[[float, float | None], dict[str, Tensor]]:
        """Return a function (image noise, ratio in dB) -> test table, for `noise_grid`.

        The pairs are those of this condition's test part, and its own training part, at its own noise,
        standardises them: what a model that was trained on it would meet.

        standardizer  of that training part, where it is there already; else it is prepared for it
        """
        asked = self._asked(seed)
        standardizer = self.prepared(seed).standardizer if standardizer is None else standardizer
        return lambda noise, ratio: prepare_test(
            asked | {"image_noise": noise, "snr_db": ratio}, standardizer
        )

    def _asked(self, seed: int) -> dict:
        asked = {key: value for key, value in vars(self).items() if key != "split_seed"}
        return asked | {"seed": seed if self.split_seed is None else self.split_seed}

    def fingerprint(self) -> list:
        """Say what the tables depend on: the options, the data set's code, and files of the reader's own."""
        return [
            dict(vars(self)),
            code_of(CATALOG[self.name]),
            [_files(value) for value in self.options.values()],
        ]


def noisy(*names: str, **options) -> dict[str, Data]:
    """Return conditions by their names: "clean", "middle" or "hard", all of them where none is named.

    options  of Data, the same for each, such as name="mnist-fsdd"
    Raises   CourseError for a name that there is none of
    """
    for name in names:
        if name not in NOISE:
            raise CourseError(f"There is no condition {name!r}. {near_matches(name, list(NOISE))}")
    return {name: Data(**(NOISE[name] | options)) for name in names or NOISE}


@dataclass(frozen=True)
class Embedded:
    """What frozen encoders make of data: computed once a seed, and kept; heads on it train in seconds.

    Encoders learn from train and are stopped by no one, so embeddings of train are a little too good; heads
    are chosen on val, which the encoders saw only to be measured.

    source  data: tables, or a function of the seed
    encode  (task) -> function of a table that returns a table, with "label"; such as `Encoders`
    epochs  of each encoder's training, and its batch size
    """

    source: Callable[[int], object] | object
    encode: Callable[[Task], Callable[[dict], dict]]
    epochs: int = 12
    batch_size: int = 64
    keep = True  # in the store: not a field

    def __call__(self, seed: int) -> Tables:
        """Train the encoders on train, and run all three parts through them."""
        parts = Tables.of(self.source(seed) if callable(self.source) else self.source, "what is embedded")
        budget = Budget(epochs=self.epochs, batch_size=self.batch_size)
        embed = self.encode(Task(parts.train, parts.val, parts.classes, seed, budget))
        return Tables.of({part: embed(table) for part, table in vars(parts).items()}, "what encoders give")


@dataclass(frozen=True)
class Encoders:
    """Train one encoder a sense, each with a head of its own, and embed with them.

    build          sense -> function that makes its encoder, of mmcourse.modules: {"image": ImageCNN, …}
    learning_rate  of all, or sense -> its own
    Gives tables with a column [example, feature] a sense, beside "label" and, for models that ask for them,
    "lengths" of 1: read them with the encoder `Given`.
    """

    build: Mapping[str, Callable[[], nn.Module]]
    learning_rate: float | Mapping[str, float] = 8e-3

    def __call__(self, task: Task) -> Callable[[dict], dict]:
        """Train, and return the function that embeds a table."""
        models = {}
        for sense, build in self.build.items():
            rate = (
                self.learning_rate[sense] if isinstance(self.learning_rate, Mapping) else self.learning_rate
            )
            models[sense] = task.fit(OneSense(sense, build(), task.classes), learning_rate=rate)

        def embed(table: dict[str, Tensor]) -> dict[str, Tensor]:
            columns = {sense: _embeddings(model, table) for sense, model in models.items()}
            return columns | {"lengths": torch.ones_like(table["label"]), "label": table["label"]}

        return embed


class Given(nn.Module):
    """The encoder of embeddings that are made already: it gives back what it gets.

    features  of an embedding
    """

    def __init__(self, features: int):
        super().__init__()
        self.features = features

    def forward(self, x: Tensor, lengths: Tensor | None = None) -> Tensor:
        """Return x [batch, feature]; lengths, which a speech encoder also gets, are not looked at."""
        return x


def conditions_of(conditions: Mapping | Sequence[str] | str) -> Mapping[str, object]:
    """Return conditions as a mapping; names of `noisy` become those of "digits"."""
    if isinstance(conditions, Mapping):
        return conditions
    if isinstance(conditions, str):
        conditions = [conditions]
    if (
        not isinstance(conditions, Sequence)
        or not conditions
        or not all(isinstance(c, str) for c in conditions)
    ):
        raise CourseError(
            f"conditions are names of {', '.join(NOISE)}, or {{name: data}}; got {conditions!r}."
        )
    return noisy(*conditions)


def _embeddings(model: OneSense, table: dict[str, Tensor]) -> Tensor:
    found, device = [], next(model.parameters()).device
    with evaluating(model):
        for batch in Batches(table, 256):
            batch = move(batch, device)
            lengths = [batch["lengths"]] if model.sense == "speech" else []
            found.append(model.encoder(batch[model.sense], *lengths).cpu())
    return torch.cat(found)


def _files(value: object) -> list:
    """Name, size and time of change of every file below a path; nothing for what is no path."""
    if not isinstance(value, str | Path) or not Path(value).expanduser().exists():
        return []
    root = Path(value).expanduser()
    below = sorted(path for path in root.rglob("*") if path.is_file()) if root.is_dir() else [root]
    return [(str(path.relative_to(root)), path.stat().st_size, path.stat().st_mtime_ns) for path in below]
