"""Exercises of lesson 1, from a waveform and a picture to batches that leak nothing."""

from mmcourse.checks.lesson_01.averaging import masked_mean
from mmcourse.checks.lesson_01.decibels import log_mel
from mmcourse.checks.lesson_01.filters import mel_filters
from mmcourse.checks.lesson_01.framing import frame
from mmcourse.checks.lesson_01.noise import mix
from mmcourse.checks.lesson_01.padding import pad
from mmcourse.checks.lesson_01.pairs import pair
from mmcourse.checks.lesson_01.resizing import resize
from mmcourse.checks.lesson_01.shifting import shift
from mmcourse.checks.lesson_01.spectra import power_spectrum
from mmcourse.checks.lesson_01.splits import split_by_speaker
from mmcourse.checks.lesson_01.statistics import standardize

__all__ = [
    "frame",
    "log_mel",
    "masked_mean",
    "mel_filters",
    "mix",
    "pad",
    "pair",
    "power_spectrum",
    "resize",
    "shift",
    "split_by_speaker",
    "standardize",
]
