"""Speech from text, offline, with eSpeak NG (the package `espeakng-loader` brings library and voices).

The same call gives the same sound, bit for bit: every voice speaks in a fresh process (see `espeak.py`).
"""

import json
import math
import subprocess
import sys
from collections.abc import Iterable, Iterator
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from pathlib import Path

import espeakng_loader
import torch
import torchaudio.functional
from torch import Tensor

from mmcourse.data import espeak, options
from mmcourse.errors import CourseError

RATES = range(80, 451)
PITCHES = range(101)


@dataclass(frozen=True)
class Take:
    """One thing to say, and how: text, words per minute, pitch from 0 to 100."""

    text: str
    rate: int = 175
    pitch: int = 50

    def __post_init__(self):
        if not isinstance(self.text, str) or not self.text.strip():
            raise CourseError(f"There is no text to speak: give at least one word, got {self.text!r}.")
        if not _is_whole(self.rate) or self.rate not in RATES:
            raise CourseError(f"rate must be {RATES[0]} to {RATES[-1]} words per minute, got {self.rate!r}.")
        if not _is_whole(self.pitch) or self.pitch not in PITCHES:
            raise CourseError(f"pitch must be {PITCHES[0]} to {PITCHES[-1]}, got {self.pitch!r}.")


def _is_whole(value: object) -> bool:
    return isinstance(value, int) and not isinstance(value, bool)  # as eSpeak NG takes it: no 145.0


def variants() -> list[str]:
    """Name every voice variant that eSpeak NG has here; `en-us+` and a name is a voice."""
    return sorted(path.name for path in (Path(espeakng_loader.get_data_path()) / "voices" / "!v").iterdir())


def say(text: str, voice: str = "en-us", rate: int = 175, pitch: int = 50, sample_rate: int = 8000) -> Tensor:
    """Speak a text and return its waveform, float32 `[time]` in -1..1.

    voice        language, or language and variant: `en-us`, `en+f3`, `cmn` (Mandarin), `cmn+m2`
    rate         words per minute, 80 to 450
    pitch        0 to 100; 50 is the voice's own
    sample_rate  in Hz, of the answer
    Raises       CourseError for a voice that is not here, or a rate or pitch out of range
    """
    return speak(voice, [Take(text, rate, pitch)], sample_rate)[0]


def speak(voice: str, takes: Iterable[Take], sample_rate: int = 8000) -> list[Tensor]:
    """Speak several takes with one voice, in order; each is float32 `[time]` in -1..1."""
    sample_rate = options.whole(sample_rate, "sample_rate", 1000, 384_000, " of Hz", ", such as 8000")
    if not isinstance(voice, str):
        raise CourseError(f"voice must be a name, such as 'en-us' or 'en+f3', got {voice!r}.")
    job = {
        "library": espeakng_loader.get_library_path(),
        "data": espeakng_loader.get_data_path(),
        "voice": voice,
        "takes": [(take.text, take.rate, take.pitch) for take in takes],
    }
    # -I -S: nothing of the learner's folder or environment is imported, and it starts in 20 ms.
    command = [sys.executable, "-I", "-S", espeak.__file__]
    done = subprocess.run(command, input=json.dumps(job).encode(), capture_output=True, check=False)
    if done.returncode != 0:
        reason = done.stderr.decode(errors="replace").strip().splitlines() or [f"code {done.returncode}"]
        raise CourseError(
            f"eSpeak NG could not speak with the voice {voice!r}: {reason[-1]}. "
            "`mmcourse doctor` shows whether speech synthesis works; "
            "`data.synthesis.variants()` lists the voices."
        )
    native_rate, sounds = espeak.read_answer(done.stdout)
    return _resample([torch.tensor(sound, dtype=torch.float64) for sound in sounds], native_rate, sample_rate)


def speak_many(
    jobs: list[tuple[str, list[Take]]], sample_rate: int, workers: int
) -> Iterator[tuple[str, list[Tensor]]]:
    """Speak with many voices over processes; the answers come in the order of the jobs.

    Threads only wait for the processes; `map` keeps the order whichever process ends first.
    """
    with ThreadPoolExecutor(workers) as pool:
        try:
            yield from zip(
                (voice for voice, _ in jobs),
                pool.map(lambda job: speak(job[0], job[1], sample_rate), jobs),
                strict=True,
            )
        finally:
            pool.shutdown(cancel_futures=True)  # on an error or Ctrl-C, start no further voice


def _resample(sounds: list[Tensor], native_rate: int, sample_rate: int) -> list[Tensor]:
    """Bring 16-bit samples to float32 waveforms of another rate, in one call: forty small ones cost more."""
    lengths = [math.ceil(len(sound) * sample_rate / native_rate) for sound in sounds]
    # In float64, so that the order of additions never shows in the stored half-precision samples.
    padded = torch.nn.utils.rnn.pad_sequence(sounds, batch_first=True) / 32768
    padded = torchaudio.functional.resample(padded, native_rate, sample_rate).clamp(-1, 1).to(torch.float32)
    return [waveform[:length].clone() for waveform, length in zip(padded, lengths, strict=True)]
