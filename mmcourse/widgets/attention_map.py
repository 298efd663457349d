"""The attention panel: drag a clip's length, and see which keys every query looks at."""

from __future__ import annotations

import ipywidgets
import torch
from jaxtyping import Float
from matplotlib.figure import Figure
from matplotlib.patches import Rectangle
from torch import Tensor

from mmcourse import plotting
from mmcourse.plotting.style import GREY, as_array
from mmcourse.scratch.attention import causal_mask, padding_mask, scaled_dot_product_attention
from mmcourse.widgets.stage import WIDE_LABEL, slider, stage

TIME, FEATURES = 10, 8
RULES = (
    ("−∞ before", "before"),
    ("0 after", "after"),
    ("no mask", "none"),
)


def attention_map_panel(*, length: int = 7, sharpness: float = 1.0, seed: int = 0) -> None:
    """Change how long a padded clip is, how sharp its scores are and where the mask acts.

    length     valid frames of the clip, of 10, where its slider starts
    sharpness  what the scores are multiplied by, where its slider starts: 0 makes all weights equal
    seed       of the random frames
    """
    controls = {
        "length": slider("clip length (frames)", 0, TIME, 1, length),
        "sharpness": slider("scores times", 0.0, 5.0, 0.25, sharpness),
        "causal": ipywidgets.Checkbox(value=False, description="causal: look back only", indent=False),
        "rule": ipywidgets.ToggleButtons(
            options=RULES,
            description="mask at softmax",
            style={**WIDE_LABEL, "button_width": "8em"},
            layout={"width": "40em"},  # so that the buttons stand beside their label
        ),
    }

    def draw(length: int, sharpness: float, causal: bool, rule: str) -> Figure:
        return draw_map(weights_of(length, sharpness, causal=causal, rule=rule, seed=seed), length)

    stage(
        draw,
        controls,
        alt="a map of attention weights, a row for each query and a column for each key, and their sums",
    )


def weights_of(
    length: int, sharpness: float = 1.0, *, causal: bool = False, rule: str = "before", seed: int = 0
) -> Float[Tensor, "query key"]:
    """Give the weights of self-attention among ten random frames, of which the first `length` are the clip.

    rule  "before": what is masked gets the score -∞; "after": the weight 0, which leaves rows that do not
          add up to 1; "none": padding is looked at as if it were speech
    """
    generator = torch.Generator().manual_seed(seed)
    query, key = (torch.randn(1, TIME, FEATURES, generator=generator) for _ in range(2))
    looks = padding_mask(torch.tensor([length]), TIME)[:, None]  # batch query key
    looks = looks & causal_mask(TIME, TIME) if causal else looks.expand(1, TIME, TIME)
    scale = sharpness / FEATURES**0.5
    mask = looks if rule == "before" else None
    _, weights = scaled_dot_product_attention(query, key, key, mask, scale=scale, need_weights=True)
    return (weights.masked_fill(~looks, 0) if rule == "after" else weights)[0]


def draw_map(weights: Float[Tensor, "query key"], length: int) -> Figure:
    """Draw weights as a map, a frame round those of valid queries and keys, and the sum of each row.

    length  valid frames of the clip: the frame's size
    """
    time = len(weights)
    fig, (board, sums) = plotting.figure(1, 2, height=3.6, width_ratios=(1.9, 1))
    shown = board.imshow(as_array(weights), vmin=0, vmax=1, aspect="auto")
    edge = {"fill": False, "edgecolor": plotting.SENSE["speech"][0], "linewidth": 2.5}
    board.add_patch(Rectangle((-0.5, -0.5), length, length, **edge))
    board.set(xlabel="key (frame)", ylabel="query (frame)", xticks=range(time), yticks=range(time))
    board.set_title("weights; in the frame: the clip")
    board.grid(False)
    fig.colorbar(shown, ax=board, label="weight")
    valid = torch.arange(time) < length
    colours = [plotting.SENSE["speech"][0] if inside else GREY for inside in valid.tolist()]
    sums.barh(range(time), as_array(weights.sum(dim=-1)), color=colours)
    sums.set(xlim=(0, 1.15), ylim=(time - 0.5, -0.5), yticks=range(time), xlabel="sum of the row")
    sums.axvline(1, color="black", linewidth=1)
    sums.set_title("what a query shares out")
    return fig
