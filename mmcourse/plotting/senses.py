"""What a picture and a sound look like: pixels, waveforms, spectrograms, with their units."""

from __future__ import annotations

import math

import numpy as np

from mmcourse.plotting.style import GREY, SENSE, as_array, figure

_MEL_TICKS_HZ = (0, 250, 500, 1000, 2000, 4000, 8000, 16000)


def image(picture, ax=None, *, title: str = ""):
    """Draw one picture.

    picture  [height, width], [1, height, width] in grey or [3, height, width] in colour, values 0..1
    Returns  the Axes
    """
    pixels = as_array(picture)
    if pixels.ndim == 3 and pixels.shape[0] in (1, 3):
        pixels = pixels[0] if pixels.shape[0] == 1 else np.moveaxis(pixels, 0, -1)
    elif pixels.ndim != 2:
        raise ValueError(
            f"a picture has shape [height, width], [1, height, width] or [3, height, width], "
            f"got {list(pixels.shape)}. Take one picture out of a batch first."
        )
    ax = ax if ax is not None else figure(width=1.8, height=1.8)[1]
    ax.imshow(pixels, cmap="gray", vmin=0, vmax=1)
    ax.set_axis_off()
    if title:
        ax.set_title(title, loc="center")
    return ax


def image_grid(images, titles=None, *, cols: int = 10, size: float = 0.72):
    """Draw many small pictures in rows.

    images   [count, 1 or 3, height, width], values 0..1
    titles   a word for each, or None
    size     of one picture, in inches
    Returns  the Figure
    """
    images = list(images)
    titles = [""] * len(images) if titles is None else [str(title) for title in titles]
    cols = min(cols, len(images))
    rows = math.ceil(len(images) / cols)
    each = size + (0.22 if any(titles) else 0)
    fig, axes = figure(rows, cols, width=cols * size, height=rows * each, squeeze=False)
    for ax in axes.flat[len(images) :]:
        ax.set_axis_off()
    for ax, picture, title in zip(axes.flat, images, titles, strict=False):
        image(picture, ax, title=title)
    return fig


def waveform(wave, sample_rate: int, ax=None, *, title: str = "", colour: str = SENSE["speech"][0]):
    """Draw one waveform against time in seconds.

    wave         [time] or [1, time], full scale is -1..1
    sample_rate  in Hz
    Returns      the Axes
    """
    wave = as_array(wave)
    if wave.ndim == 2 and wave.shape[0] == 1:
        wave = wave[0]
    if wave.ndim != 1:
        raise ValueError(
            f"a waveform has shape [time], got {list(wave.shape)}. Take one clip out of the batch."
        )
    ax = ax if ax is not None else figure(height=1.8)[1]
    ax.plot(np.arange(len(wave)) / sample_rate, wave, color=colour, linewidth=0.7)
    reach = max(0.1, 1.05 * float(np.abs(wave).max(initial=0)))
    ax.set(xlabel="time (s)", ylabel="amplitude", xlim=(0, len(wave) / sample_rate), ylim=(-reach, reach))
    ax.set_title(title)
    return ax


def spectrogram(
    decibels,
    sample_rate: int,
    hop_length: int,
    ax=None,
    *,
    scale: str = "mel",
    f_min: float = 0.0,
    f_max: float | None = None,
    first_frame: float = 0.0,
    limits: tuple[float, float] | None = None,
    colour_bar: bool = True,
    bar_label: str = "power (dB)",
    title: str = "",
):
    """Draw a spectrogram: time in seconds, frequency in Hz, power in dB beside a colour bar.

    decibels     [frequency, time]: bins of an STFT from 0 to sample_rate / 2, or bands of a mel filter bank
    hop_length   from frame to frame, in samples
    scale        "hz" for bins, evenly spaced; "mel" for bands, evenly spaced in mel from f_min to f_max in Hz
    first_frame  middle of frame 0, in s: 0 where the clip was padded (center=True), else half a window
    limits       colours' (lowest, highest) dB, to make neighbours comparable
    Returns      the Axes
    """
    values = as_array(decibels)
    if values.ndim != 2:
        raise ValueError(
            f"a spectrogram has shape [frequency, time], got {list(values.shape)}. Take one clip."
        )
    if scale not in ("hz", "mel"):
        raise ValueError(f'scale is "hz" or "mel", got {scale!r}.')
    ax = ax if ax is not None else figure(height=2.2)[1]
    f_max = sample_rate / 2 if f_max is None else f_max
    bottom, top = _frequency_extent(len(values), scale, f_min, f_max)
    left = first_frame - hop_length / sample_rate / 2
    extent = (left, left + values.shape[1] * hop_length / sample_rate, bottom, top)
    low, high = limits if limits is not None else (None, None)
    shown = ax.imshow(values, origin="lower", aspect="auto", extent=extent, vmin=low, vmax=high)
    ax.grid(False)
    ax.set(xlabel="time (s)", ylabel="frequency (Hz)")
    ax.set_title(title)
    if scale == "mel":
        ticks = [hz for hz in _MEL_TICKS_HZ if bottom <= _mel(hz) <= top]
        ax.set_yticks([_mel(hz) for hz in ticks], ticks)
        ax.set_ylabel("Hz (mel scale)")
    if colour_bar:
        ax.figure.colorbar(shown, ax=ax, label=bar_label, pad=0.01)
    return ax


def _mel(hz: float) -> float:
    """Mel of a frequency, HTK's formula, for the places of the ticks."""
    return 2595.0 * math.log10(1.0 + hz / 700.0)


def _frequency_extent(rows: int, scale: str, f_min: float, f_max: float) -> tuple[float, float]:
    """Lower and upper edge of the drawn rows, in Hz or in mel: each row reaches half a step to both sides."""
    if scale == "hz":
        half = f_max / max(rows - 1, 1) / 2
        return -half, f_max + half
    step = (_mel(f_max) - _mel(f_min)) / (rows + 1)  # the centres of `rows` triangles lie inside the range
    return _mel(f_min) + step / 2, _mel(f_max) - step / 2


def empty(ax, words: str) -> None:
    """Write into axes why there is nothing to see, such as "muted"."""
    ax.text(0.5, 0.5, words, transform=ax.transAxes, ha="center", va="center", color=GREY)
    ax.set_axis_off()
