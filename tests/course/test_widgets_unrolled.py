"""The unrolled panel: its numbers are an RNN's, every control moves the figure."""

import matplotlib.pyplot as plt
import pytest
import torch

from mmcourse.scratch.rnn import rnn
from mmcourse.widgets.unrolled import FRAMES, HIDDEN, draw_walk, one_loud_frame, unrolled_panel, walk


@pytest.mark.parametrize(
    ("words", "value"), [("frames heard", 12), ("W_hh keeps", 1.2), ("the loud frame", 5)]
)
def test_each_control_moves_the_figure(shown, words, value):
    unrolled_panel()
    before = shown.picture.data
    assert before.startswith(b"\x89PNG")
    shown.controls[words].value = value
    assert shown.picture.data != before
    shown.controls[words].value = shown.controls[words].min
    shown.controls[words].value = value
    assert shown.picture.data != before


def test_the_states_are_those_of_a_recurrent_network():
    x = one_loud_frame(3)
    gone = walk(x, FRAMES, memory=0.9, seed=4)
    generator = torch.Generator().manual_seed(4)
    w_ih = torch.randn(HIDDEN, 1, generator=generator)
    w_hh = 0.9 * torch.linalg.qr(torch.randn(HIDDEN, HIDDEN, generator=generator)).Q
    output, _ = rnn({"weight_ih_l0": w_ih, "weight_hh_l0": w_hh}, x[:, None])
    torch.testing.assert_close(gone.states[1:], output)
    jacobian = torch.autograd.functional.jacobian(
        lambda x: rnn({"weight_ih_l0": w_ih, "weight_hh_l0": w_hh}, x[:, None])[1][0], x
    )
    torch.testing.assert_close(gone.heard, jacobian.norm(dim=0))


def test_without_memory_only_the_last_frame_is_heard():
    heard = walk(one_loud_frame(1), 6, memory=0.0).heard
    assert heard[:-1].eq(0).all()
    assert heard[-1] > 0


def test_before_the_first_frame_there_is_only_an_empty_state():
    gone = walk(one_loud_frame(1), 0, memory=0.5)
    assert gone.states.shape == (1, HIDDEN)
    assert gone.states.eq(0).all()
    plt.close(draw_walk(gone, FRAMES))


def test_more_steps_than_frames_are_refused():
    with pytest.raises(ValueError, match=r"steps must lie in 0\.\.12, got 13"):
        walk(one_loud_frame(1), 13, memory=0.5)
