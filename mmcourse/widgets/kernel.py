"""The kernel panel: edit the nine numbers of a kernel, and see what it makes of a picture."""

from __future__ import annotations

import ipywidgets
import numpy as np
import torch
import traitlets
from matplotlib.figure import Figure
from torch import Tensor

from mmcourse import plotting
from mmcourse.plotting.style import as_array
from mmcourse.scratch.conv import conv2d
from mmcourse.widgets.stage import WIDE_LABEL, slider, stage

Kernel = tuple[tuple[float, ...], ...]
WIDE = {"width": "34em"}

KERNELS: dict[str, Kernel] = {
    "edge, dark left to bright right": ((-1, 0, 1), (-2, 0, 2), (-1, 0, 1)),
    "edge, dark top to bright bottom": ((-1, -2, -1), (0, 0, 0), (1, 2, 1)),
    "mean of nine": ((1 / 9,) * 3,) * 3,
    "brighter than around": ((-1, -1, -1), (-1, 8, -1), (-1, -1, -1)),
    "sharper": ((0, -1, 0), (-1, 5, -1), (0, -1, 0)),
    "nothing changes": ((0, 0, 0), (0, 1, 0), (0, 0, 0)),
    "one pixel to the left": ((0, 0, 0), (0, 0, 1), (0, 0, 0)),
}


class KernelEditor(ipywidgets.VBox):
    """Nine boxes with numbers, and a menu that fills them; `value` is the kernel, row by row."""

    value = traitlets.Tuple()

    def __init__(self, name: str):
        self._menu = ipywidgets.Dropdown(
            options=["your own", *KERNELS], value=name, description="kernel", style=WIDE_LABEL, layout=WIDE
        )
        self._boxes = [
            ipywidgets.FloatText(value=0.0, step=0.5, layout={"width": "5em"}, description="")
            for _ in range(9)
        ]
        self._filling = False
        beneath = {"margin": "0 0 0 12.3em"}  # where the menu begins, after its name
        rows = [ipywidgets.HBox(self._boxes[start : start + 3], layout=beneath) for start in (0, 3, 6)]
        super().__init__([self._menu, *rows])
        self._fill()
        self._menu.observe(self._fill, names="value")
        for box in self._boxes:
            box.observe(self._edited, names="value")

    def _fill(self, _change: object = None) -> None:
        """Write a ready-made kernel into the boxes; they report once, when all nine are written."""
        if self._menu.value not in KERNELS:
            return
        self._filling = True
        for box, number in zip(self._boxes, np.ravel(KERNELS[self._menu.value]), strict=True):
            box.value = round(float(number), 3)
        self._filling = False
        self._read()

    def _edited(self, _change: object) -> None:
        if not self._filling:
            self._menu.value = "your own"
            self._read()

    def _read(self) -> None:
        numbers = [box.value for box in self._boxes]
        self.value = tuple(tuple(numbers[start : start + 3]) for start in (0, 3, 6))


def kernel_panel(pictures: dict[str, Tensor], *, kernel: str = "edge, dark left to bright right") -> None:
    """Edit a kernel of 3 × 3 and see it act on one of some pictures.

    pictures  name -> [height, width], numbers of any size
    kernel    a name in KERNELS, where the menu stands at first
    Raises    ValueError for no pictures, for one that is not [height, width], or an unknown kernel
    """
    if not pictures:
        raise ValueError("kernel_panel needs at least one picture, name -> [height, width].")
    for name, picture in pictures.items():
        if picture.ndim != 2:
            raise ValueError(
                f"{name!r} must be [height, width], got {list(picture.shape)}: take one channel."
            )
    if kernel not in KERNELS:
        raise ValueError(f"kernel must be one of {', '.join(map(repr, KERNELS))}; got {kernel!r}.")
    controls = {
        "name": ipywidgets.Dropdown(
            options=list(pictures), description="picture", style=WIDE_LABEL, layout=WIDE
        ),
        "kernel": KernelEditor(kernel),
        "dilation": slider("distance of taps", 1, 4, 1, 1),
    }
    stage(
        lambda name, kernel, dilation: draw_kernel(pictures[name], kernel, dilation),
        controls,
        alt="a picture, a kernel of nine numbers, and the picture that the kernel makes of it",
    )


def draw_kernel(picture: Tensor, kernel: Kernel, dilation: int = 1) -> Figure:
    """Draw a picture, a kernel, and their cross-correlation, in one size thanks to reflected edges.

    picture  [height, width]
    kernel   rows of numbers
    """
    weight = torch.tensor(kernel, dtype=picture.dtype, device=picture.device)
    made = conv2d(
        picture[None, None],
        weight[None, None],
        padding="same",
        dilation=dilation,
        padding_mode="reflect",
    )[0, 0]
    fig, (before, taps, after) = plotting.figure(1, 3, height=2.7, width_ratios=(1, 0.55, 1.25))
    before.imshow(as_array(picture), cmap="gray")
    before.set_title("picture")
    _draw_numbers(taps, as_array(weight))
    reach = float(made.abs().max()) or 1.0
    lowest = float(made.min())
    # What has two signs is drawn around grey; what has one, from its lowest to its highest.
    limits = (-reach, reach) if lowest < 0 else (lowest, float(made.max()))
    shown = after.imshow(as_array(made), cmap="gray", vmin=limits[0], vmax=limits[1])
    after.set_title("what the kernel makes of it")
    fig.colorbar(shown, ax=after, label="sum of products", pad=0.02)
    for ax in (before, after):
        ax.set(xticks=[], yticks=[])
        ax.grid(False)
    return fig


def _draw_numbers(ax, weight: np.ndarray) -> None:
    """Draw a kernel as a table of coloured numbers: red above 0, blue below."""
    reach = float(np.abs(weight).max()) or 1.0
    ax.imshow(weight, cmap="RdBu_r", vmin=-1.6 * reach, vmax=1.6 * reach)
    for (row, column), number in np.ndenumerate(weight):
        ax.text(column, row, f"{number:.3g}", ha="center", va="center", fontsize=9)
    ax.set(xticks=[], yticks=[])
    ax.set_title("kernel")
    ax.grid(False)
