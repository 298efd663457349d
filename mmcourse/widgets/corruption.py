"""The corruption dials: damage a picture and a sound by stated amounts, and read what models make of it."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass

import ipywidgets
import torch
from matplotlib.figure import Figure
from torch import Tensor

from mmcourse import features, plotting
from mmcourse.data import corruption
from mmcourse.training import evaluating
from mmcourse.widgets.inspector import HOP
from mmcourse.widgets.stage import WIDE_LABEL, slider, stage

NOISES = ("white", "pink", "babble")
_LIMITS = (-80, 10)  # dB of the spectrogram's colours, fixed so that noise looks louder when it is


@dataclass(frozen=True)
class Damage:
    """How much harder a sample is made; the default changes nothing.

    image_noise  standard deviation of the noise on every pixel, in units of a picture's 0..1
    blur         standard deviation of the Gaussian, in pixels
    occluded     share of the picture's area that is covered
    noise        what is added to the speech: "white", "pink" or "babble"
    snr_db       speech against that noise, in dB; None adds none
    """

    image_noise: float = 0.0
    blur: float = 0.0
    occluded: float = 0.0
    noise: str = "white"
    snr_db: float | None = None

    def __post_init__(self):
        if self.noise not in NOISES:
            raise ValueError(f"noise is one of {', '.join(NOISES)}; got {self.noise!r}.")


def corrupt(sample: dict, damage: Damage, voices: Sequence[Tensor], generator: torch.Generator) -> dict:
    """Return a damaged copy of a sample: blur first, then what covers it, then the sensor's noise.

    voices     clips to make babble of, waveforms [time]
    generator  decides the noise and the place that is covered; pixels are cut back to 0..1 at the end
    """
    # A source of chance for each dial, so that turning one does not change what another one drew.
    seeds = torch.randint(2**62, (3,), generator=generator).tolist()
    cover, grain, hiss = (torch.Generator().manual_seed(seed) for seed in seeds)
    image = corruption.blur(sample["image"], damage.blur)
    image = corruption.occlude(image, damage.occluded, cover)
    image = corruption.gaussian_noise(image, damage.image_noise, grain).clamp(0, 1)
    speech = sample["speech"]
    if damage.snr_db is not None:
        speech = corruption.mix(speech, _noise(damage.noise, len(speech), voices, hiss), damage.snr_db)
    return {**sample, "image": image, "speech": speech}


def _noise(kind: str, length: int, voices: Sequence[Tensor], generator: torch.Generator) -> Tensor:
    if kind == "babble":
        return corruption.babble(voices, length, generator)
    return {"white": corruption.white_noise, "pink": corruption.pink_noise}[kind](length, generator)


def corruption_panel(
    models: dict[str, Callable],
    dataset,
    voices: Sequence[Tensor],
    prepare: Callable,
    *,
    start: Damage,
    count: int = 100,
) -> None:
    """Turn the dials of `Damage` on one sample and see each model's opinion as bars.

    models   "image", "speech", "both" -> model that takes a batch and gives logits [batch, class]
    dataset  clean samples, with `sample_rate` (Hz) and `classes`
    voices   clips to make babble of; take them from the training part
    prepare  list of samples -> the batch that the models take
    start    where the dials stand at first; its `snr_db` must be a number
    count    how many samples, from the first, can be chosen from
    """
    controls = {
        "index": slider("sample", 0, min(count, len(dataset)) - 1, 1, 0),
        "image_noise": slider("noise in the picture", 0.0, 1.0, 0.05, start.image_noise),
        "blur": slider("blur (pixels)", 0.0, 3.0, 0.1, start.blur),
        "occluded": slider("covered share", 0.0, 0.8, 0.05, start.occluded),
        "noise": ipywidgets.ToggleButtons(
            options=NOISES, value=start.noise, description="noise in the sound", style=WIDE_LABEL
        ),
        "snr_db": slider("speech : noise (dB)", -20, 30, 1, start.snr_db),
    }

    def damaged(index: int, **dials) -> dict:
        generator = torch.Generator().manual_seed(index)  # only the dials change what is seen, not chance
        return corrupt(dataset[index], Damage(**dials), voices, generator)

    def draw(**values) -> Figure:
        sample = damaged(**values)
        return draw_opinions(
            sample, opinions(models, prepare([sample])), dataset.sample_rate, dataset.classes
        )

    stage(
        draw,
        controls,
        sound=lambda **values: (damaged(**values)["speech"], dataset.sample_rate),
        alt="a damaged picture and sound, and the probabilities that models of each sense and of both give",
    )


def opinions(models: dict[str, Callable], batch: dict) -> dict[str, Tensor]:
    """Ask each model about a batch of one sample; returns name -> probabilities [class]."""
    probs = {}
    for name, model in models.items():
        with evaluating(model):
            probs[name] = model(batch).softmax(dim=-1)[0]
    return probs


def draw_opinions(sample: dict, probs: dict[str, Tensor], sample_rate: int, classes: list[str]) -> Figure:
    """Draw a sample as the models got it, and under it what each of them thinks.

    sample  "image" [1, H, W], "speech" [time] at sample_rate (Hz), "label"
    probs   "image", "speech", "both" -> [class]
    """
    fig, axes = plotting.figure(2, 3, height=3.9, height_ratios=(1.15, 1))
    plotting.image(sample["image"], axes[0, 0], title="the picture")
    decibels = features.log_mel(sample["speech"], sample_rate)
    hop = round(HOP * sample_rate)
    plotting.spectrogram(
        decibels, sample_rate, hop, axes[0, 1], limits=_LIMITS, colour_bar=False, title="the sound"
    )
    plotting.waveform(sample["speech"], sample_rate, axes[0, 2], title="its waveform")
    truth = sample["label"]
    for ax, (sense, chances) in zip(axes[1], probs.items(), strict=True):
        called = int(chances.argmax())
        verdict = "right" if called == truth else f"it is {classes[truth]}"
        plotting.opinion(
            chances, classes, ax, sense=sense, truth=truth, title=f"{sense}: {classes[called]} ({verdict})"
        )
    for ax in axes[1, 1:]:
        ax.set_ylabel("")
    return fig
