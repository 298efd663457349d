"""Stored figures: fewer bytes, and the eye sees the same."""

import base64
import io

import nbformat
import numpy as np
import pytest
from PIL import Image

from mmcourse import notebooks, plotting
from mmcourse.widgets.stage import picture


@pytest.fixture(scope="module")
def spectrogram() -> str:
    band, frame = np.mgrid[:40, :60]
    fig, ax = plotting.figure(height=2)
    plotting.spectrogram(-40 + 20 * np.sin(band / 3) * np.cos(frame / 5), 8000, 80, ax)
    return base64.b64encode(picture(fig, "waves").data).decode()


def pixels(png: str) -> np.ndarray:
    return np.asarray(Image.open(io.BytesIO(base64.b64decode(png))).convert("RGB")).astype(int)


def test_a_stored_figure_is_smaller_and_looks_the_same(spectrogram):
    output = nbformat.v4.new_output("display_data", {"image/png": spectrogram, "text/plain": "<Figure>"})
    stored = notebooks.static(output)["data"]["image/png"]
    assert len(stored) < 0.7 * len(spectrogram)
    apart = np.abs(pixels(stored) - pixels(spectrogram))
    assert apart.mean() < 2  # of 255
    assert apart.max() < 32


def test_what_is_light_already_never_grows(spectrogram):
    once = notebooks.lighter(spectrogram)
    assert len(notebooks.lighter(once)) <= len(once)
