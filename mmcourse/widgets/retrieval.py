"""The retrieval panel: a picture asks, sounds answer, and a dial makes the answer more or less sure."""

from __future__ import annotations

import torch
from jaxtyping import Int
from matplotlib.figure import Figure
from torch import Tensor

from mmcourse import plotting
from mmcourse.scratch.contrastive import similarities
from mmcourse.widgets.stage import slider, stage


def retrieval_panel(
    pictures: tuple[Tensor, Tensor],
    sounds: tuple[Tensor, Tensor],
    labels: Int[Tensor, " pair"],
    *,
    scale: float = 10.0,
    count: int = 100,
) -> None:
    """Choose a picture, see the sounds that are nearest to it in the shared space, and turn the temperature.

    pictures  (pictures [pair, height, width] in 0..1, their embeddings [pair, feature])
    sounds    (log-mel [pair, mel, time], their embeddings [pair, feature])
    labels    class of each pair
    scale     inverse temperature at first, 1 to 100
    count     how many pictures, from the first, can be chosen from
    """
    cosines = similarities(pictures[1], sounds[1], torch.zeros(()))  # at scale 1, the cosines
    controls = {
        "index": slider("picture", 0, min(count, len(labels)) - 1, 1, 0),
        "scale": slider("1 / temperature", 1.0, 100.0, 0.5, min(max(scale, 1.0), 100.0)),
    }

    def draw(index: int, scale: float) -> Figure:
        return draw_found(pictures[0], sounds[0], labels, cosines, index, scale)

    stage(draw, controls, alt="a picture, the sounds nearest to it, and how likely each class is to be meant")


def draw_found(
    pictures: Tensor, sounds: Tensor, labels: Tensor, cosines: Tensor, index: int, scale: float, best: int = 4
) -> Figure:
    """Draw a picture, the `best` sounds nearest to it, and the probability of all sounds of each class.

    cosines  [picture, sound]
    scale    inverse temperature of the softmax over all sounds; the order does not depend on it
    """
    found = cosines[index].argsort(descending=True, stable=True)[:best]
    fig, axes = plotting.figure(1, best + 2, height=2.2, width_ratios=(1, *[1] * best, 2.2))
    plotting.image(pictures[index].clamp(0, 1), axes[0], title=f"a {int(labels[index])} asks")
    for ax, place in zip(axes[1:-1], found.tolist(), strict=True):
        ax.imshow(sounds[place].numpy(), origin="lower", aspect="auto", cmap="magma")
        right = "right" if labels[place] == labels[index] else "wrong"
        ax.set_title(f"“{int(labels[place])}”, {right}\ncos {cosines[index, place]:.2f}", fontsize=8)
        ax.set_axis_off()
    classes = int(labels.max()) + 1
    shares = cosines.new_zeros(classes).index_add_(0, labels, (scale * cosines[index]).softmax(0))
    names = [str(k) for k in range(classes)]
    plotting.opinion(shares, names, axes[-1], truth=int(labels[index]), title="what it means")
    return fig
