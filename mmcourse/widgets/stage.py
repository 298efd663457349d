"""A figure and a sound that follow their controls, and stay in the notebook where no kernel runs."""

from __future__ import annotations

from collections.abc import Callable

import ipywidgets
import numpy as np
from IPython.display import Audio, display
from matplotlib.figure import Figure

from mmcourse.plotting.picture import picture
from mmcourse.plotting.style import as_array

WIDE_LABEL = {"description_width": "12em"}


def stage(
    draw: Callable[..., Figure],
    controls: dict[str, ipywidgets.ValueWidget],
    *,
    sound: Callable[..., tuple] | None = None,
    alt: str,
) -> None:
    """Show controls, and below them a figure and a sound made from their values, anew at every change.

    draw      takes the controls' values by name and returns a Figure, which is turned into a picture
    controls  name -> widget with a `value`
    sound     takes the same values and returns (waveform [time], sample rate in Hz)
    alt       what the figure shows, for readers who hear it read out

    The figure is an ordinary output of the cell, not part of a widget: a reader without a kernel, on a web
    page or in print, sees the one that was stored last, and the stored notebook holds it once.
    """

    def values() -> dict:
        return {name: control.value for name, control in controls.items()}

    display(ipywidgets.VBox(list(controls.values())))
    shown = display(picture(draw(**values()), alt), display_id=True)
    heard = display(player(*sound(**values())), display_id=True) if sound else None

    def follow(_change) -> None:
        shown.update(picture(draw(**values()), alt))
        if heard is not None:
            heard.update(player(*sound(**values())))

    for control in controls.values():
        control.observe(follow, names="value")


def film(
    play: Callable[..., None],
    controls: dict[str, ipywidgets.ValueWidget],
    *,
    alt: str,
) -> None:
    """Show controls, and below them a figure that `play` replaces with the next, anew at every change.

    play      takes a function `show` and the controls' values by name; calls show(figure) for each figure
    controls  name -> widget with a `value`
    alt       what the figures show, for readers who hear it read out

    What is stored is the last figure of the first playing, as an ordinary output of the cell.
    """
    handle = None
    display(ipywidgets.VBox(list(controls.values())))

    def show(figure: Figure) -> None:
        nonlocal handle
        shown = picture(figure, alt)
        if handle is None:
            handle = display(shown, display_id=True)
        else:
            handle.update(shown)

    def follow(_change=None) -> None:
        play(show, **{name: control.value for name, control in controls.items()})

    follow()
    for control in controls.values():
        control.observe(follow, names="value")


def player(wave, sample_rate: int) -> Audio:
    """Make a play button for a waveform [time]; one that goes beyond full scale is turned down to fit."""
    wave = as_array(wave).astype(np.float32)
    peak = float(np.abs(wave).max(initial=0))
    return Audio(wave / max(peak, 1.0), rate=sample_rate, normalize=False)


def slider(label: str, low: float, high: float, step: float, value: float):
    """Make a slider with its name before it; whole steps give whole numbers."""
    whole = isinstance(step, int)
    kind = ipywidgets.IntSlider if whole else ipywidgets.FloatSlider
    return kind(
        value=value,
        min=low,
        max=high,
        step=step,
        description=label,
        readout_format="d" if whole else ".2f",
        continuous_update=False,  # redraw when the hand lets go: drawing takes longer than moving
        style=WIDE_LABEL,
        layout={"width": "34em"},
    )
