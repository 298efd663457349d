"""Read one sound file safely, as one channel; refuse what cannot be read rightly, by name and reason."""

import struct
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import soundfile
import torch
import torchaudio.functional
from torch import Tensor

from mmcourse.data.wording import counted
from mmcourse.errors import CourseError

SUFFIXES = {".wav", ".flac", ".ogg", ".mp3", ".aif", ".aiff"}
SHORTEST = 0.02  # seconds: one analysis window
LONGEST = 60.0  # seconds: a word or a sentence, not a recording of an hour
_STEP = 2**-15  # of 16-bit samples; what moves less does not move
RATES = range(1000, 384_001)  # Hz; beyond, a header is wrong rather than a recording unusual
_UNKNOWN_SIZES = {0, 0xFFFFFFFF, 0x7FFFFFFF}  # a program that writes to a pipe cannot go back to fill it in


class UnreadableSound(CourseError):
    """A sound file that is refused; the message names the file and the reason."""


def read(path: Path, sample_rate: int) -> Tensor:
    """Read a sound as float32 `[time]` in -1..1 at `sample_rate` (Hz).

    Converted: 8, 24 and 32 bits, float, several channels (their mean), other sample rates, and a
             WAV header without a length (as streaming programs write it); louder than full scale
             is scaled down to 1
    Raises   UnreadableSound for a file that is missing, empty, cut off, no sound, silent, shorter than
             0.02 s or longer than 60 s, with NaN or infinity, or with a header that lies
    """
    if not path.is_file():
        raise UnreadableSound(f"{path.name}: there is no such file in {path.parent}.")
    size = path.stat().st_size
    if size == 0:
        raise _refuse(path, "the file is empty (0 bytes)")
    _check_wav_header(path, size)
    waveform, native_rate = _decode(path)
    if native_rate != sample_rate:
        waveform = torchaudio.functional.resample(waveform, native_rate, sample_rate)
    peak = float(waveform.abs().max())
    return waveform / peak if peak > 1 else waveform


def _decode(path: Path) -> tuple[Tensor, int]:
    try:
        with soundfile.SoundFile(path) as file:
            native_rate, promised = file.samplerate, file.frames
            if native_rate not in RATES:
                raise _refuse(
                    path, f"its header gives a sample rate of {native_rate} Hz, which no recording has"
                )
            if promised > LONGEST * native_rate:
                seconds = promised / native_rate
                raise _refuse(path, f"it lasts {seconds:.0f} s, and {LONGEST:.0f} s is the most", "Cut it")
            channels = file.read(dtype="float32", always_2d=True)
    except soundfile.LibsndfileError as error:
        raise _refuse(path, f"not a sound that can be read ({_reason(path, error)})") from error
    if len(channels) < promised:
        raise _cut_off(path, promised / native_rate, len(channels) / native_rate)
    if not np.isfinite(channels).all():
        raise _refuse(
            path, f"it holds {counted(np.count_nonzero(~np.isfinite(channels)), 'sample')} of NaN or infinity"
        )
    if len(channels) < SHORTEST * native_rate:
        raise _refuse(path, f"it lasts {len(channels) / native_rate:.3f} s, and {SHORTEST} s is the least")
    mono = channels.mean(axis=1)
    if np.ptp(mono) < _STEP:
        together = "" if channels.shape[1] == 1 else " when its channels are added"
        raise _refuse(path, f"it is silent{together}: every sample is {mono.mean():z.2f}")
    return torch.from_numpy(mono), native_rate


@dataclass(frozen=True)
class _Format:
    """The `fmt ` chunk of a WAV file: what its header says of the samples."""

    code: int
    channels: int
    sample_rate: int
    byte_rate: int
    block: int
    bits: int


def _check_wav_header(path: Path, size: int) -> None:
    """Compare what a WAV header promises with what the file holds.

    libsndfile reads what it finds and is silent about the rest: half a file gives half a word.
    """
    format_, declared, held = None, None, 0
    with path.open("rb") as file:
        if file.read(4) != b"RIFF" or file.read(8)[4:] != b"WAVE":
            return  # not WAV; the decoders of the other kinds check themselves
        while len(head := file.read(8)) == 8:
            name, length = head[:4], int.from_bytes(head[4:], "little")
            start = file.tell()
            if name == b"fmt " and length >= 16:
                format_ = _Format(*struct.unpack("<HHIIHH", file.read(16).ljust(16, b"\0")))
            if name == b"data":
                declared, held = length, size - start
                break
            file.seek(start + length + length % 2)
    if declared is None or format_ is None:
        raise _refuse(path, "the file is cut off before its sound begins")
    if format_.code == 1 and format_.block != format_.channels * ((format_.bits + 7) // 8):
        raise _refuse(
            path,
            f"its header contradicts itself: {counted(format_.channels, 'channel')} of "
            f"{counted(format_.bits, 'bit')} in {counted(format_.block, 'byte')}",
        )
    if declared > held and declared not in _UNKNOWN_SIZES:
        rate = max(1, format_.byte_rate)
        raise _cut_off(path, declared / rate, held / rate)


def _reason(path: Path, error: soundfile.LibsndfileError) -> str:
    # Of bad MP3 the library says that there is no such file, and that has been looked at before.
    if "does not exist" in error.error_string:
        return f"its content is not {path.suffix[1:].upper()}"
    return error.error_string.rstrip(".")


def _cut_off(path: Path, promised: float, held: float) -> UnreadableSound:
    return _refuse(
        path,
        f"its header promises {promised:.2f} s and the file holds {held:.2f} s: cut off, or a lying header",
    )


def _refuse(path: Path, reason: str, remedy: str = "Record or copy it again") -> UnreadableSound:
    return UnreadableSound(f"{path.name}: {reason}. {remedy}, or take it out.")
