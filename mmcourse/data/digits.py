"""`digits`: scikit-learn's handwritten digits with spoken digits from eSpeak NG. Needs no network.

The pictures come with scikit-learn. The speech is made once, into the cache, where the pictures are
kept beside it: every voice says the ten words several times, at different speeds and pitches.
"""

import hashlib
import json
import os
from collections.abc import Iterable
from importlib.metadata import version
from pathlib import Path

import numpy as np
import torch

from mmcourse.data import cache, espeak, options, synthesis
from mmcourse.data.describe import Datasheet
from mmcourse.data.progress import bar
from mmcourse.data.stores import Pictures, Recordings, Source
from mmcourse.data.synthesis import Take
from mmcourse.data.wording import guess
from mmcourse.errors import CourseError

SAMPLE_RATE = 8000
WORDS = ("zero", "one", "two", "three", "four", "five", "six", "seven", "eight", "nine")
CLASSES = tuple(str(digit) for digit in range(10))
MANNERS = ((145, 42), (165, 58), (185, 46), (205, 54))  # words per minute, pitch
ACCENTS = ("en-us", "en", "en-gb-scotland", "en-029", "en-gb-x-gbcwmd")  # "en" is British
# Left out: robots and monsters; and of voices that are variants of each other all but one, because a
# near twin of a training voice among the test voices would make unseen speakers look easy.
_STRANGE = {"Demonic", "UniRobot", "anikaRobot", "croak", "robosoft", *(f"robosoft{i}" for i in range(2, 9))}
_TWINS = {"Gene2", "RicishayMax2", "RicishayMax3", "edward2", "fast", "mike2", "michel", "whisperf"}
_TWINS |= {"iven2", "iven3", "iven4", "steph2", "steph3", *(f"klatt{i}" for i in range(2, 7))}

DATASHEET = Datasheet(
    name="digits",
    images="1,797 handwritten digits of 13 people, 8 × 8 pixels with 17 grey levels",
    speech="the words zero to nine in 74 synthetic voices, each four times, at 8 kHz",
    origin="pictures: UCI Optical Recognition of Handwritten Digits, through scikit-learn; speech: eSpeak NG",
    licence="pictures: CC BY 4.0; speech: made on this machine, free to use; eSpeak NG itself: GPL 3",
    size="pictures 0.1 MB, speech about 20 MB, in the cache folder",
    how_made="each voice variant of eSpeak NG with one of five English accents, at 145 to 205 words a minute",
    splits="pictures by picture, 70/15/15 % of each class; speech by voice; pairs are drawn afterwards",
    caution="synthetic voices are cleaner and more alike than people; the writers of the pictures are not "
    "known one by one, so a writer may be in two parts; as eSpeak NG makes them, the voices differ widely in "
    "loudness, and en+caleb has a constant offset as large as its sound (on average -0.05)",
    load='data.load("digits"); fewer voices: speakers=["en+f2", ...], see help(data.digits.source)',
)


def voices() -> list[str]:
    """Name the voices of `digits`: each variant of eSpeak NG that is kept, with an accent of its own."""
    kept = [name for name in synthesis.variants() if name not in _STRANGE | _TWINS]
    return [f"{ACCENTS[i % len(ACCENTS)]}+{name}" for i, name in enumerate(kept)]


def source(speakers: list[str] | None = None, manners=MANNERS, workers: int | None = None) -> Source:
    """Bring pictures and speech together, and make them first if the cache has none.

    speakers  voices to use, all of `voices()` by default
    manners   (words per minute, pitch) of each time a voice says a word
    workers   processes that speak at once, as many as there are cores by default; the
              result is the same to the byte for any number
    """
    path = _entry(speakers, manners, workers)
    labels = torch.from_numpy(np.load(path / "picture_labels.npy"))
    ids = [f"digit-{i:04d}" for i in range(len(labels))]
    pictures = Pictures(torch.from_numpy(np.load(path / "pictures.npy")), labels, ids, peak=16)
    return Source(pictures, _recordings(path), DATASHEET)


def recordings(speakers: list[str] | None = None, manners=MANNERS, workers: int | None = None) -> Recordings:
    """Bring the speech alone; the options are those of `source`."""
    return _recordings(_entry(speakers, manners, workers))


def _recordings(path: Path) -> Recordings:
    index = json.loads((path / "index.json").read_text(encoding="utf-8"))
    samples = np.load(path / "samples.npy", mmap_mode="r")
    return Recordings(
        samples, index["offsets"], index["labels"], index["speakers"], index["ids"], CLASSES, SAMPLE_RATE
    )


def _entry(speakers: list[str] | None, manners, workers: int | None) -> Path:
    speakers = voices() if speakers is None else _checked_voices(speakers)
    manners = _checked_manners(manners)
    workers = (os.cpu_count() or 1) if workers is None else options.whole(workers, "workers", 1)

    def build(folder: Path) -> None:
        _save_pictures(folder)
        _save_speech(folder, speakers, manners, workers)

    about = _about(speakers, manners)
    return cache.entry(_entry_name(about), build, about)


def clean() -> list[str]:
    """Remove from the cache dead builds, and speech that `load("digits")` of this version never reads.

    That is the speech of other versions and of other options; it is made anew where it is asked for.
    Returns  the names of the folders that are gone
    """
    return cache.remove_entries("digits-*", keep={_entry_name(_about(voices(), MANNERS))})


def _about(speakers: list[str], manners) -> dict:
    return {
        "format": 2,
        "espeakng_loader": version("espeakng-loader"),
        "torchaudio": version("torchaudio"),
        "seed": espeak.SEED,
        "sample_rate": SAMPLE_RATE,
        "words": list(WORDS),
        "manners": [list(manner) for manner in manners],
        "speakers": speakers,
    }


def _entry_name(about: dict) -> str:
    # The name holds what the speech depends on, so that two versions can share a cache without a quarrel.
    return "digits-" + hashlib.sha256(json.dumps(about).encode()).hexdigest()[:10]


def _checked_voices(speakers: object) -> list[str]:
    """Return the voices as a list, or raise CourseError before the first of them speaks."""
    if isinstance(speakers, str) or not isinstance(speakers, Iterable):
        raise CourseError(f"speakers must be a list of voices, such as ['en+f2', 'en+m3'], got {speakers!r}.")
    speakers = list(speakers)
    if not speakers:
        raise CourseError("`digits` needs at least one voice in speakers=, or None for all, got none.")
    variants = set(synthesis.variants())
    for voice in speakers:
        variant = voice.partition("+")[2] if isinstance(voice, str) else None
        if variant is None or (variant and variant not in variants):
            raise CourseError(
                f"There is no voice {voice!r}. {guess(voice, voices())}data.digits.voices() lists those that "
                "`digits` uses."
            )
        if speakers.count(voice) > 1:
            raise CourseError(f"speakers= names the voice {voice!r} twice; name it once.")
    return speakers


def _checked_manners(manners: object) -> list[tuple[int, int]]:
    try:
        pairs = [(rate, pitch) for rate, pitch in manners]
    except (TypeError, ValueError):
        pairs = []
    if not pairs:
        raise CourseError(
            "manners must be one or more pairs of words per minute and pitch, such as "
            f"((145, 42), (185, 46)), got {manners!r}."
        )
    for rate, pitch in pairs:
        Take(WORDS[0], rate, pitch)  # refuses what is out of range
    return pairs


def _save_pictures(folder: Path) -> None:
    # Importing scikit-learn takes longer than all the rest of a load: so once, when the cache is built.
    from sklearn.datasets import load_digits

    digits = load_digits()
    np.save(folder / "pictures.npy", digits.images.astype(np.uint8)[:, None])
    np.save(folder / "picture_labels.npy", digits.target.astype(np.int64))


def _save_speech(folder: Path, speakers: list[str], manners, workers: int) -> None:
    takes = [Take(word, rate, pitch) for word in WORDS for rate, pitch in manners]
    spoken = synthesis.speak_many([(voice, takes) for voice in speakers], SAMPLE_RATE, workers)
    samples, index = [], {"offsets": [0], "labels": [], "speakers": [], "ids": []}
    for voice, waveforms in bar(spoken, total=len(speakers), desc="Speaking the digits", unit=" voices"):
        for number, waveform in enumerate(waveforms):
            digit, take = divmod(number, len(manners))
            samples.append(waveform.numpy().astype(np.float16))
            index["offsets"].append(index["offsets"][-1] + len(waveform))
            index["labels"].append(digit)
            index["speakers"].append(voice)
            index["ids"].append(f"{digit}_{voice}_{take}")
    np.save(folder / "samples.npy", np.concatenate(samples))
    (folder / "index.json").write_text(json.dumps(index), encoding="utf-8")
