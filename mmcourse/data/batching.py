"""From samples to batches: padding with a mask, batches of like lengths, loaders that repeat."""

import signal
from collections.abc import Iterator, Sequence

import torch
from torch import Tensor
from torch.utils.data import DataLoader, Dataset, Sampler, Subset

from mmcourse.data.options import whole
from mmcourse.errors import CourseError

_KEYS = ("image", "speech", "label", "speaker", "image_id", "speech_id")


def lengths_and_mask(lengths: Sequence[int] | Tensor) -> tuple[Tensor, Tensor]:
    """Return lengths as int64 `[batch]`, and bool `[batch, time]` that is True where there is sound."""
    lengths = torch.as_tensor(lengths, dtype=torch.int64)
    return lengths, torch.arange(int(lengths.max())) < lengths[:, None]


def collate(samples: Sequence[dict]) -> dict:
    """Make one batch of samples; speech is padded with zeros to the longest clip.

    Returns  `image` `[batch, 1, height, width]`, `speech` `[batch, time]`, `lengths` int64 `[batch]`,
             `mask` bool `[batch, time]` (True = valid), `label` int64 `[batch]`, and the lists
             `speaker`, `image_id`, `speech_id`
    Raises   CourseError for no samples, or for what are none
    """
    _check_samples(samples)
    lengths, mask = lengths_and_mask([len(sample["speech"]) for sample in samples])
    speech = torch.nn.utils.rnn.pad_sequence([sample["speech"] for sample in samples], batch_first=True)
    return {
        "image": torch.stack([sample["image"] for sample in samples]),
        "speech": speech,
        "lengths": lengths,
        "mask": mask,
        "label": torch.tensor([sample["label"] for sample in samples], dtype=torch.int64),
        **{key: [sample[key] for sample in samples] for key in ("speaker", "image_id", "speech_id")},
    }


def _check_samples(samples: Sequence[dict]) -> None:
    if isinstance(samples, dict):
        raise CourseError("collate takes a list of samples, got one sample. Write data.collate([sample]).")
    if not hasattr(samples, "__len__"):
        raise CourseError(f"collate takes a list of samples, got {type(samples).__name__}.")
    if len(samples) == 0:
        raise CourseError("A batch needs at least one sample, got none.")
    for number, sample in enumerate(samples):
        if not isinstance(sample, dict):
            raise CourseError(
                f"Sample {number} must be a dict, as sets.train[{number}] gives it, "
                f"got {type(sample).__name__}."
            )
        missing = [key for key in _KEYS if key not in sample]
        if missing:
            raise CourseError(
                f"Sample {number} has no {missing[0]!r}; a transform must leave all of {', '.join(_KEYS)}."
            )


class BucketSampler(Sampler[list[int]]):
    """Batches of clips that are about as long as each other, so that little is padding.

    lengths     samples of each clip
    batch_size  clips per batch; the last batch may be smaller
    seed        decides which clips of like length meet, and the order of the batches; every pass
                over the sampler draws anew, and a new sampler with the same seed repeats them all
    """

    _BATCHES_PER_BUCKET = 8  # larger: less padding; smaller: batches more alike from epoch to epoch

    def __init__(self, lengths: Sequence[int] | Tensor, batch_size: int, seed: int = 0):
        self._lengths = torch.as_tensor(lengths)
        self._batch_size = whole(batch_size, "batch_size", 1)
        self._generator = torch.Generator().manual_seed(whole(seed, "seed", 0))

    def __len__(self) -> int:
        return -(-len(self._lengths) // self._batch_size)

    def __iter__(self) -> Iterator[list[int]]:
        order = torch.randperm(len(self._lengths), generator=self._generator)
        batches = []
        for bucket in order.split(self._batch_size * self._BATCHES_PER_BUCKET):
            by_length = bucket[self._lengths[bucket].argsort(stable=True)]
            batches += by_length.split(self._batch_size)
        for i in torch.randperm(len(batches), generator=self._generator).tolist():
            yield batches[i].tolist()


def loader(
    dataset: Dataset,
    batch_size: int = 64,
    shuffle: bool = True,
    seed: int = 0,
    bucketed: bool = False,
    workers: int = 0,
) -> DataLoader:
    """Return a loader of collated batches that gives the same batches again for the same seed.

    bucketed  batches of like lengths (see BucketSampler); always shuffled
    workers   processes that fetch samples; the batches do not depend on their number
    Raises    CourseError for a batch size below 1 and other wrong numbers, or an empty data set
    """
    batch_size, seed = whole(batch_size, "batch_size", 1), whole(seed, "seed", 0)
    workers = whole(workers, "workers", 0)
    if not hasattr(dataset, "__len__"):
        raise CourseError(
            f"loader takes one part of a data set, such as sets.train, got {type(dataset).__name__}."
        )
    if len(dataset) == 0:
        raise CourseError("The data set is empty, so there is nothing to load.")
    common = {
        "collate_fn": collate,
        "num_workers": workers,
        # It also seeds torch, numpy and random of every worker.
        "generator": torch.Generator().manual_seed(seed),
        "pin_memory": torch.cuda.is_available(),
        "worker_init_fn": _leave_ctrl_c_to_the_main_process,
    }
    if bucketed:
        return DataLoader(dataset, batch_sampler=BucketSampler(_lengths(dataset), batch_size, seed), **common)
    return DataLoader(dataset, batch_size=batch_size, shuffle=shuffle, **common)


def _leave_ctrl_c_to_the_main_process(worker: int) -> None:
    """Ctrl-C reaches every process; a worker that died of it would break the step that training finishes."""
    signal.signal(signal.SIGINT, signal.SIG_IGN)


def _lengths(dataset: Dataset) -> Tensor:
    if isinstance(dataset, Subset):
        return _lengths(dataset.dataset)[torch.as_tensor(dataset.indices)]
    if not hasattr(dataset, "lengths"):
        raise CourseError(f"bucketed=True needs a data set with `lengths`, got {type(dataset).__name__}.")
    return dataset.lengths
