"""The retrieval panel: every control moves the figure, and the dial does not change the order."""

import matplotlib.pyplot as plt
import pytest
import torch

from mmcourse.scratch.contrastive import similarities
from mmcourse.widgets import retrieval_panel
from mmcourse.widgets.retrieval import draw_found


def pairs(rows=12, classes=3):
    generator = torch.Generator().manual_seed(0)
    labels = torch.arange(rows) % classes
    pictures = torch.rand(rows, 8, 8, generator=generator)
    sounds = torch.randn(rows, 5, 9, generator=generator)
    a, b = torch.eye(classes)[labels] + 0.1 * torch.randn(2, rows, classes, generator=generator)
    return (pictures, a), (sounds, b), labels


@pytest.mark.parametrize(("words", "value"), [("picture", 4), ("1 / temperature", 50.0)])
def test_each_control_moves_the_figure(shown, words, value):
    retrieval_panel(*pairs(), scale=2.0)
    before = shown.picture.data
    assert before.startswith(b"\x89PNG")
    shown.controls[words].value = value
    assert shown.picture.data != before


def test_a_scale_beyond_the_dial_is_put_at_its_end(shown):
    retrieval_panel(*pairs(), scale=1000.0)
    assert shown.controls["1 / temperature"].value == 100.0


def test_the_nearest_come_first_and_the_dial_leaves_their_order(shown):
    (pictures, a), (sounds, b), labels = pairs()
    cosines = similarities(a, b, torch.zeros(()))
    assert cosines.abs().max() <= 1 + 1e-6
    titles = []
    for scale in (1.0, 80.0):
        fig = draw_found(pictures, sounds, labels, cosines, 1, scale)
        titles.append([ax.get_title() for ax in fig.axes[1:-1]])
        heights = [bar.get_height() for bar in fig.axes[-1].patches]
        assert sum(heights) == pytest.approx(1, abs=1e-5)
        plt.close(fig)
    assert titles[0] == titles[1]
    assert all("“1”, right" in title for title in titles[0])
