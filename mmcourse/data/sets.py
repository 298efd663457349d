"""The one shape that every data set of the course has: three parts of paired pictures and speech."""

import zlib
from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace
from typing import Self

import numpy as np
import torch
from torch import Tensor
from torch.utils.data import Dataset, Subset

from mmcourse.data.batching import collate, lengths_and_mask
from mmcourse.data.describe import Datasheet, Table
from mmcourse.data.options import position, whole
from mmcourse.data.stores import Pictures, Recordings
from mmcourse.data.wording import counted
from mmcourse.errors import CourseError

Transform = Callable[[dict, torch.Generator], dict]
_LARGEST = 2 * 1024**3  # bytes of padded speech that `as_tensors` makes without being asked twice


class PairedDataset(Dataset):
    """Pairs of a picture and a spoken clip.

    An item is a dict: `image` float32 `[1, height, width]` in 0..1, `speech` float32 `[time]` in -1..1,
    `label` (int, the picture's class), `speaker`, `image_id`, `speech_id` (str).
    Positions count from 0 or back from -1; beyond the end is an IndexError; a slice is a Subset.
    """

    def __init__(
        self, pictures: Pictures, recordings: Recordings, pairs: Tensor, datasheet: Datasheet, seed: int = 0
    ):
        self._pictures, self._recordings, self._pairs = pictures, recordings, pairs
        self.datasheet, self.seed = datasheet, seed
        self.classes, self.sample_rate = recordings.classes, recordings.sample_rate
        self._transform: Transform | None = None

    def __len__(self) -> int:
        return len(self._pairs)

    def __getitem__(self, index: int | slice):
        if isinstance(index, slice):
            return Subset(self, range(len(self))[index])
        index = position(index, len(self), "pair", 'sets.train[0]["image"]; all pictures: sets.train.images')
        image, speech = self._pairs[index].tolist()
        sample = {
            "image": self._pictures[image],
            "speech": self._recordings.waveform(speech),
            "label": int(self._pictures.labels[image]),
            "speaker": self._recordings.speakers[speech],
            "image_id": self._pictures.ids[image],
            "speech_id": self._recordings.ids[speech],
        }
        return sample if self._transform is None else self._transformed(sample, index)

    def _transformed(self, sample: dict, index: int) -> dict:
        changed = self._transform(sample, self._generator(index))
        if not isinstance(changed, dict):
            raise CourseError(
                f"The transform must return the sample, a dict, and returned {type(changed).__name__} "
                f"for pair {index}. Does it end with `return sample`?"
            )
        return changed

    def _generator(self, index: int) -> torch.Generator:
        # Mixed well: seed 1, pair 0 must not repeat seed 0, pair 1. With the ids, or pair 0 of train and
        # pair 0 of test would get the same noise, and a network that learned it by heart would answer by it.
        image, speech = self._pairs[index].tolist()
        names = f"{self._pictures.ids[image]} {self._recordings.ids[speech]}"
        mixed = np.random.SeedSequence([self.seed, index, zlib.crc32(names.encode())])
        state = mixed.generate_state(1, np.uint64)[0]
        return torch.Generator().manual_seed(int(state) % 2**63)

    @property
    def labels(self) -> Tensor:
        """The picture's class of every pair, int64 `[pair]`."""
        return self._pictures.labels[self._pairs[:, 0]]

    @property
    def images(self) -> Tensor:
        """The picture of every pair before any transform, float32 `[pair, 1, height, width]` in 0..1."""
        return self._pictures.take(self._pairs[:, 0])

    @property
    def lengths(self) -> Tensor:
        """Samples in the clip of every pair before any transform, int64 `[pair]`."""
        return self._recordings.lengths[self._pairs[:, 1]]

    @property
    def speakers(self) -> list[str]:
        """The speaker of every pair."""
        return [self._recordings.speakers[i] for i in self._pairs[:, 1].tolist()]

    def recordings(self) -> Recordings:
        """Return this part's clips without pairing, each once, also those that no pair uses."""
        return self._recordings

    def with_transform(self, transform: Transform | None, seed: int | None = None) -> Self:
        """Return the same pairs seen through `transform(sample, generator) -> sample`; this set stays as is.

        The generator depends on the seed, the pair and its position only: the same pair is changed in the
        same way in every epoch, worker and run, and no pair of another part like it. Another seed draws anew.
        """
        if transform is not None and not callable(transform):
            raise CourseError(
                f"A transform must be a function of (sample, generator), got {type(transform).__name__}."
            )
        changed = PairedDataset(
            self._pictures,
            self._recordings,
            self._pairs,
            self.datasheet,
            self.seed if seed is None else whole(seed, "seed", 0, note=", or None for the set's own"),
        )
        changed._transform = transform
        return changed

    def as_tensors(self, limit: int | None = None) -> dict:
        """Return the whole part (or its first `limit` pairs) as one batch, in the form of `collate`."""
        if limit is not None:
            limit = whole(limit, "limit", 1, note=", or None for all")
        count = len(self) if limit is None else min(limit, len(self))
        size = 4 * count * int(self.lengths[:count].max())
        if limit is None and size > _LARGEST:
            raise CourseError(
                f"All {count} pairs at once would need {size / 1024**3:.1f} GB; use `data.loader`, load with "
                "`max_images=`, or give `as_tensors(limit=...)`."
            )
        if self._transform is not None:
            return collate([self[i] for i in range(count)])
        images, clips = self._pairs[:count].T
        lengths, mask = lengths_and_mask(self.lengths[:count])
        return {
            "image": self._pictures.take(images),
            "speech": self._recordings.padded(clips),
            "lengths": lengths,
            "mask": mask,
            "label": self.labels[:count],
            "speaker": self.speakers[:count],
            "image_id": [self._pictures.ids[i] for i in images.tolist()],
            "speech_id": [self._recordings.ids[i] for i in clips.tolist()],
        }

    def describe(self) -> Table:
        return Table(self.datasheet.name, _HEADER, (_row("all", self),))

    def __repr__(self) -> str:
        return f"PairedDataset({self.datasheet.name}, {counted(len(self), 'pair')})"


@dataclass(frozen=True)
class Splits:
    """The three parts of a data set; iterating gives train, val, test.

    notes  what a reader should know about how these parts came to be, one sentence each
    """

    train: PairedDataset
    val: PairedDataset
    test: PairedDataset
    notes: tuple[str, ...] = ()

    def __iter__(self) -> Iterator[PairedDataset]:
        return iter((self.train, self.val, self.test))

    def __getitem__(self, index: object):
        raise CourseError(f"Choose a part first, such as sets.train[0] or sets.test[0]; got sets[{index!r}].")

    @property
    def classes(self) -> list[str]:
        return self.train.classes

    @property
    def sample_rate(self) -> int:
        """In Hz."""
        return self.train.sample_rate

    @property
    def datasheet(self) -> Datasheet:
        return self.train.datasheet

    def with_transform(self, transform: Transform | None, seed: int | None = None) -> "Splits":
        """See all three parts through a transform. To augment training only, transform `train` alone."""
        changed = (part.with_transform(transform, seed) for part in self)
        return replace(self, **dict(zip(("train", "val", "test"), changed, strict=True)))

    def describe(self) -> Table:
        """Count pairs, pictures, clips, speakers and seconds of every part; printed, or shown as HTML."""
        rows = tuple(_row(name, part) for name, part in zip(("train", "val", "test"), self, strict=True))
        title = f"{self.datasheet.name}: {len(self.classes)} classes, speech at {self.sample_rate} Hz"
        return Table(title, _HEADER, rows, self.notes)

    def __repr__(self) -> str:
        return str(self.describe())

    def _repr_html_(self) -> str:
        return self.describe()._repr_html_()


_HEADER = ("part", "pairs", "pictures", "size", "clips", "speakers", "median clip", "longest clip")


def _row(name: str, part: PairedDataset) -> tuple[str, ...]:
    seconds = part.recordings().lengths.double() / part.sample_rate
    height, width = part[0]["image"].shape[-2:]
    return (
        name,
        f"{len(part):,}",
        f"{len(part._pairs[:, 0].unique()):,}",
        f"{height} × {width}",
        f"{len(seconds):,}",
        f"{len(set(part.recordings().speakers))}",
        f"{seconds.median():.2f} s",
        f"{seconds.max():.2f} s",
    )
