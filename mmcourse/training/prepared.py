"""From a data set's name to tensors that a model takes, as the lessons prepare them."""

from __future__ import annotations

from dataclasses import dataclass

import torch
from torch import Tensor
from torch.nn.functional import pad

from mmcourse import data, features

TOGETHER = 500  # clips whose spectrograms are made at once: all of them would need far more memory
VOICES = 300  # of train, that babble in the background
COLUMNS = 50  # of a spectrogram a second: 20 ms from one to the next


@dataclass(frozen=True)
class Prepared:
    """Tables of tensors for Batches, and what was learnt of the training set.

    train, val, test  "label" [example], and as the senses need them "image"
                      [example, channel, height, width], "speech" (log-mel in dB, standardised)
                      [example, mel, time] with "lengths" (its frames)
    classes           their names
    standardizer      of the speech, or None without speech
    """

    train: dict[str, Tensor]
    val: dict[str, Tensor]
    test: dict[str, Tensor]
    classes: list[str]
    standardizer: features.Standardizer | None


def prepare(asked: dict) -> Prepared:
    """Load a data set, make it harder where that is asked for, and represent it; as lesson 0 does.

    asked   the [data] of a Config
    Raises  CourseError where the data set cannot be loaded
    """
    sets = _load(asked)
    parts = [_tables(part, asked["senses"], asked["examples"]) for part in _harder(sets, asked)]
    standardizer = None
    if asked["senses"] != "image":
        speech, lengths = parts[0]["speech"], parts[0]["lengths"]  # the training set only
        valid = features.padding_mask(lengths, speech.shape[-1])
        standardizer = features.Standardizer().fit([(speech, valid)])
        for part in parts:
            part["speech"] = standardizer(part["speech"])
    return Prepared(*parts, classes=list(sets.classes), standardizer=standardizer)


def prepare_test(asked: dict, standardizer: features.Standardizer | None) -> dict[str, Tensor]:
    """Prepare the test part alone, at other noise than a model was trained with.

    asked         the [data] of a Config, with the noise of the test
    standardizer  of the speech that the model was trained on
    Returns       a table as in Prepared
    """
    table = _tables(_harder(_load(asked), asked).test, asked["senses"], asked["examples"])
    return table if standardizer is None else table | {"speech": standardizer(table["speech"])}


def _load(asked: dict) -> data.Splits:
    """Load, split and pair, so much as is asked for."""
    limit, pairs = asked["examples"], asked["pairs_per_image"]
    return data.load(
        asked["name"],
        seed=asked["seed"],
        pairs_per_image=pairs,
        max_images=None if limit is None else -(-limit // pairs),
        **asked["options"],
    )


def _harder(sets: data.Splits, asked: dict) -> data.Splits:
    """Add noise to pictures and babble to speech, the same in every epoch."""
    image_noise = asked["image_noise"]
    snr_db = None if asked["senses"] == "image" else asked["snr_db"]
    if not image_noise and snr_db is None:
        return sets
    crowd = [sets.train[i]["speech"] for i in range(min(VOICES, len(sets.train)))]

    def harder(sample: dict, generator: torch.Generator) -> dict:
        if image_noise:
            sample["image"] = data.corruption.gaussian_noise(sample["image"], image_noise, generator)
        if snr_db is not None:
            babble = data.corruption.babble(crowd, len(sample["speech"]), generator)
            sample["speech"] = data.corruption.mix(sample["speech"], babble, snr_db)
        return sample

    return sets.with_transform(harder)


def _tables(part: data.PairedDataset, senses: str, limit: int | None) -> dict[str, Tensor]:
    """Make tensors of a part, some clips at a time, each padded as if all were one batch."""
    count = len(part) if limit is None else min(limit, len(part))
    hop, longest = part.sample_rate // COLUMNS, int(part.lengths[:count].max())
    rows: dict[str, list[Tensor]] = {}
    for start in range(0, count, TOGETHER):
        batch = data.collate([part[i] for i in range(start, min(start + TOGETHER, count))])
        made = {"label": batch["label"]}
        if senses != "speech":
            made["image"] = batch["image"]
        if senses != "image":
            speech = pad(batch["speech"], (0, longest - batch["speech"].shape[-1]))
            made["speech"] = features.log_mel(speech, part.sample_rate, hop_length=hop)
            made["lengths"] = 1 + batch["lengths"] // hop
        for name, values in made.items():
            rows.setdefault(name, []).append(values)
    return {name: torch.cat(values) for name, values in rows.items()}
