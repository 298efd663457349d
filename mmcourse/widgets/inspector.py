"""The pair inspector: one sample as picture, waveform and spectrogram, with a play button."""

from __future__ import annotations

import ipywidgets
from matplotlib.figure import Figure

from mmcourse import features, plotting
from mmcourse.widgets.stage import WIDE_LABEL, slider, stage

HOP = 0.01  # seconds from frame to frame, features.log_mel's default
DECIBELS = (-60, 30)  # of the colours: the same at every move, so that loud and soft can be told apart


def inspect_pairs(dataset, *, count: int = 200) -> None:
    """Choose a class and a sample of it; look at the pair and hear it.

    dataset  a part of what `data.load` gives, with `sample_rate` (Hz) and `classes`
    count    how many of its samples, from the first, can be chosen from
    """
    by_class: dict[int, list[int]] = {}
    for index in range(min(count, len(dataset))):
        by_class.setdefault(dataset[index]["label"], []).append(index)
    options = [(dataset.classes[label], label) for label in sorted(by_class)]
    label = ipywidgets.Dropdown(options=options, description="class", style=WIDE_LABEL)
    place = slider("sample", 0, len(by_class[label.value]) - 1, 1, 0)

    def chosen(label: int, place: int) -> dict:
        return dataset[by_class[label][min(place, len(by_class[label]) - 1)]]

    def limit(change) -> None:
        place.max = len(by_class[change.new]) - 1

    label.observe(limit, names="value")
    stage(
        lambda **values: draw_pair(chosen(**values), dataset.sample_rate, dataset.classes),
        {"label": label, "place": place},
        sound=lambda **values: (chosen(**values)["speech"], dataset.sample_rate),
        alt="one sample: its picture, its waveform and its mel spectrogram",
    )


def draw_pair(sample: dict, sample_rate: int, classes: list[str]) -> Figure:
    """Draw one sample: the picture, and beside it the sound as waveform and as mel spectrogram.

    sample  "image" [1, H, W], "speech" [time] at sample_rate (Hz), "label", "speaker"
    Returns the Figure
    """
    fig, axes = plotting.figure(1, 3, height=2.4, width_ratios=(1.1, 1.6, 2))
    plotting.image(sample["image"], axes[0], title=f"picture of “{classes[sample['label']]}”")
    plotting.waveform(sample["speech"], sample_rate, axes[1], title=f"voice {sample['speaker']}")
    decibels = features.log_mel(sample["speech"], sample_rate)
    hop = round(HOP * sample_rate)
    plotting.spectrogram(decibels, sample_rate, hop, axes[2], limits=DECIBELS, title="mel spectrogram")
    return fig
