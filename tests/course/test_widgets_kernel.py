"""The kernel panel: nine numbers are edited, and the picture follows."""

import matplotlib.pyplot as plt
import pytest
import torch

from mmcourse.widgets import kernel_panel
from mmcourse.widgets.kernel import KERNELS, KernelEditor, draw_kernel

PICTURE = torch.rand(6, 7, generator=torch.Generator().manual_seed(0))


def editor_of(shown) -> KernelEditor:
    return next(control for control in shown.children if isinstance(control, KernelEditor))


def test_the_menu_fills_all_nine_boxes_and_the_picture_is_drawn_once(shown):
    kernel_panel({"noise": PICTURE})
    editor = editor_of(shown)
    editor._menu.value = "sharper"
    assert editor.value == KERNELS["sharper"]
    assert len(shown.pictures) == 2
    assert shown.images[0] != shown.images[1]


def test_an_edited_kernel_is_ones_own_and_acts(shown):
    kernel_panel({"noise": PICTURE}, kernel="nothing changes")
    editor = editor_of(shown)
    editor._boxes[0].value = -2.0
    assert editor._menu.value == "your own"
    assert editor.value[0][0] == -2
    assert shown.images[-1] != shown.images[0]


def test_another_picture_and_wider_taps_are_drawn(shown):
    kernel_panel({"noise": PICTURE, "ramp": torch.arange(30.0).reshape(5, 6)})
    menu, _, gap = shown.children
    menu.value = "ramp"
    gap.value = 2
    assert len({bytes(picture) for picture in shown.images}) == 3


@pytest.mark.parametrize("name", KERNELS)
def test_every_kernel_is_drawn_with_the_size_of_the_picture(name: str):
    figure = draw_kernel(PICTURE, KERNELS[name])
    made = figure.axes[2].images[0].get_array()
    plt.close(figure)
    assert made.shape == (6, 7)


def test_the_kernel_is_not_turned_over():
    figure = draw_kernel(PICTURE, KERNELS["one pixel to the left"])
    made = torch.as_tensor(figure.axes[2].images[0].get_array())
    plt.close(figure)
    torch.testing.assert_close(made[:, :-1], PICTURE[:, 1:].to(made.dtype))


@pytest.mark.parametrize(
    ("pictures", "kernel", "words"),
    [
        ({}, "sharper", "at least one picture"),
        ({"batch": PICTURE[None]}, "sharper", r"'batch' must be \[height, width\], got \[1, 6, 7\]"),
        ({"noise": PICTURE}, "blur", "kernel must be one of 'edge.*got 'blur'"),
    ],
)
def test_what_does_not_fit_is_refused_in_a_sentence(pictures, kernel, words):
    with pytest.raises(ValueError, match=words):
        kernel_panel(pictures, kernel=kernel)
