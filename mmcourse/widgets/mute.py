"""The mute panel: take a sense away from a trained model, or drown it in noise, and read its opinion."""

from __future__ import annotations

from collections.abc import Callable

import ipywidgets
import torch
from matplotlib.figure import Figure

from mmcourse import features, plotting
from mmcourse.training import evaluating
from mmcourse.widgets.inspector import DECIBELS, HOP
from mmcourse.widgets.stage import WIDE_LABEL, slider, stage

MUTED = (("no sense", None), ("the picture", "image"), ("the sound", "speech"))


def mute_panel(
    model,
    dataset,
    corrupt: Callable,
    prepare: Callable,
    *,
    image_noise: float,
    snr_db: int,
    index: int = 0,
    count: int = 100,
) -> None:
    """Mute a sense of a two-sense model, change how noisy each is, and see the model's opinion as bars.

    model        takes (batch, muted=None) and gives logits
    dataset      clean samples, with `sample_rate` (Hz) and `classes`
    corrupt      (sample, image_noise, snr_db, generator) -> the sample with noise
    prepare      list of samples -> the batch that the model takes
    image_noise  where its slider starts: standard deviation, in units of a picture's 0..1
    snr_db       where its slider starts: speech against babble, in dB
    index        of the sample it starts with
    count        how many samples, from the first, can be chosen from
    """
    controls = {
        "muted": ipywidgets.ToggleButtons(
            options=MUTED,
            description="mute",
            style={**WIDE_LABEL, "button_width": "8em"},
            layout={"width": "40em"},  # so that the buttons stand beside their label
        ),
        "index": slider("sample", 0, min(count, len(dataset)) - 1, 1, index),
        "noise": slider("noise in the picture", 0.0, 1.0, 0.05, image_noise),
        "snr": slider("speech : babble (dB)", -20, 20, 1, snr_db),
    }

    def noisy(index: int, noise: float, snr: float) -> dict:
        # A generator of its own for each sample: the same noise at every move, only louder or softer.
        return corrupt(dataset[index], noise, snr, torch.Generator().manual_seed(index))

    def draw(muted, index: int, noise: float, snr: float) -> Figure:
        sample = noisy(index, noise, snr)
        with evaluating(model):
            probs = model(prepare([sample]), muted=muted).softmax(dim=-1)[0]
        return draw_opinion(sample, probs, muted, dataset.sample_rate, dataset.classes)

    def sound(muted, index: int, noise: float, snr: float) -> tuple:
        speech = noisy(index, noise, snr)["speech"]
        return (speech * 0 if muted == "speech" else speech), dataset.sample_rate

    stage(
        draw, controls, sound=sound, alt="what the model sees and hears of one sample, and its probabilities"
    )


def draw_opinion(sample: dict, probs, muted: str | None, sample_rate: int, classes: list[str]) -> Figure:
    """Draw what a model saw and heard of a sample, and what it thinks.

    sample  as the model got it: "image" [1, H, W], "speech" [time] at sample_rate (Hz), "label"
    probs   [class]
    muted   the sense that was taken away, whose place stays empty, or None
    """
    fig, axes = plotting.figure(1, 3, height=2.5, width_ratios=(1, 1.7, 2))
    if muted == "image":
        plotting.empty(axes[0], "muted")
    else:
        plotting.image(sample["image"], axes[0])
    if muted == "speech":
        plotting.empty(axes[1], "muted")
    else:
        decibels = features.log_mel(sample["speech"], sample_rate)
        hop = round(HOP * sample_rate)
        plotting.spectrogram(decibels, sample_rate, hop, axes[1], limits=DECIBELS, colour_bar=False)
    axes[0].set_title("it sees", loc="center")
    axes[1].set_title("it hears")
    truth, called = sample["label"], int(probs.argmax())
    verdict = "right" if truth == called else f"wrong: it is {classes[truth]}"
    left = {"image": "speech", "speech": "image", None: "both"}[muted]
    title = f"it says {classes[called]} ({verdict})"
    plotting.opinion(probs, classes, axes[2], sense=left, truth=truth, title=title)
    return fig
