"""What a data set is made of before it is split and paired: pictures, recordings, and their source."""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import torch
from torch import Tensor

from mmcourse.data.describe import Datasheet
from mmcourse.data.options import position
from mmcourse.data.wording import counted


@dataclass(frozen=True)
class Pictures:
    """Pictures of one size, kept as whole numbers until one is asked for.

    pixels  uint8 `[picture, 1, height, width]`, from 0 (background) to `peak`
    labels  int64 `[picture]`
    ids     one name per picture, the same in every split and every run
    peak    the number that stands for 1.0
    """

    pixels: Tensor
    labels: Tensor
    ids: list[str]
    peak: int = 255

    def __len__(self) -> int:
        return len(self.ids)

    def __getitem__(self, index: int) -> Tensor:
        return self.pixels[index].to(torch.float32) / self.peak

    def take(self, indices: Tensor) -> Tensor:
        """Return many pictures at once, float32 `[picture, 1, height, width]` in 0..1."""
        return self.pixels[indices].to(torch.float32) / self.peak


class Recordings(Sequence):
    """Spoken clips with who says what, before they are paired with pictures.

    samples      all clips one after another, float16 or float32 `[time]` in -1..1; may be a memory map
    offsets      int64 `[clip + 1]`; clip i is `samples[offsets[i]:offsets[i + 1]]`
    labels       int64 tensor `[clip]`
    speakers     one name per clip
    ids          one name per clip, the same in every split and every run
    classes      the name of each label
    sample_rate  in Hz
    An item is a dict of `speech` (float32 `[time]`), `label`, `speaker` and `speech_id`.
    """

    def __init__(self, samples, offsets, labels, speakers, ids, classes, sample_rate, *, index=None):
        # A plain view: slicing a memory map itself takes ten times as long.
        self._samples, self._offsets = np.asarray(samples), np.asarray(offsets, dtype=np.int64)
        self._index = np.arange(len(ids)) if index is None else np.asarray(index, dtype=np.int64)
        self._all = (torch.as_tensor(labels, dtype=torch.int64), list(speakers), list(ids))
        self.classes, self.sample_rate = list(classes), sample_rate
        self.labels = self._all[0][torch.from_numpy(self._index)]
        self.speakers = [self._all[1][i] for i in self._index]
        self.ids = [self._all[2][i] for i in self._index]
        self.lengths = torch.from_numpy(np.diff(self._offsets)[self._index])

    @classmethod
    def from_waveforms(cls, waveforms, labels, speakers, ids, classes, sample_rate) -> "Recordings":
        """Join separate float32 waveforms `[time]` into one store."""
        offsets = np.concatenate([[0], np.cumsum([len(waveform) for waveform in waveforms])])
        samples = torch.cat(list(waveforms)).numpy()
        return cls(samples, offsets, labels, speakers, ids, classes, sample_rate)

    def __len__(self) -> int:
        return len(self._index)

    def __getitem__(self, index: int | slice):
        if isinstance(index, slice):
            return self.subset(range(len(self))[index])
        index = position(index, len(self), "recording", 'recordings[0]["speech"]')
        return {
            "speech": self.waveform(index),
            "label": int(self.labels[index]),
            "speaker": self.speakers[index],
            "speech_id": self.ids[index],
        }

    @property
    def waveforms(self) -> list[Tensor]:
        """Every clip in order, each float32 `[time]`."""
        return [self.waveform(i) for i in range(len(self))]

    def waveform(self, index: int) -> Tensor:
        """Return one clip, float32 `[time]` in -1..1; a copy that may be changed."""
        start, stop = self._offsets[self._index[index]], self._offsets[self._index[index] + 1]
        return torch.from_numpy(self._samples[start:stop].astype(np.float32))

    def padded(self, indices: Sequence[int] | Tensor | None = None) -> Tensor:
        """Return clips (all by default) as one float32 `[clip, time]`, with zeros after the end of each."""
        indices = range(len(self)) if indices is None else [int(i) for i in indices]
        longest = max((int(self.lengths[i]) for i in indices), default=0)
        batch = torch.zeros(len(indices), longest)
        for row, index in zip(batch, indices, strict=True):
            row[: self.lengths[index]] = self.waveform(index)
        return batch

    def subset(self, indices: Sequence[int] | Tensor) -> "Recordings":
        """Choose clips by position; the samples themselves are shared, not copied."""
        index = self._index[np.asarray([int(i) for i in indices], dtype=np.int64)]
        labels, speakers, ids = self._all
        return Recordings(
            self._samples, self._offsets, labels, speakers, ids, self.classes, self.sample_rate, index=index
        )

    def __repr__(self) -> str:
        seconds = int(self.lengths.sum()) / self.sample_rate
        speakers = counted(len(set(self.speakers)), "speaker")
        return (
            f"Recordings({counted(len(self), 'clip')}, {seconds:.0f} s, {speakers}, "
            f"{len(self.classes)} classes, {self.sample_rate} Hz)"
        )


@dataclass(frozen=True)
class Source:
    """What a data set brings: pictures, recordings, a datasheet; the rest is the same for all.

    pictures    a `Pictures`, to be split here
    recordings  a `Recordings`, to be split by speaker here
    test        positions of the published test pictures, where a data set has some that must stay so
    notes       what a reader should know about this copy, one sentence each
    """

    pictures: Pictures
    recordings: Recordings
    datasheet: Datasheet
    test: Tensor | None = None
    notes: tuple[str, ...] = ()
