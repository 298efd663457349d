"""The Elman network's step, and parts of it."""

from mmcourse.checks import lazy

torch = lazy("torch")


def sum_of(x, h, w_ih, w_hh, b_ih, b_hh):
    return x @ w_ih.T + b_ih + h @ w_hh.T + b_hh


def elman(x, h, w_ih, w_hh, b_ih, b_hh):
    return torch.tanh(sum_of(x, h, w_ih, w_hh, b_ih, b_hh))


def by_exponentials(x, h, w_ih, w_hh, b_ih, b_hh):
    up, down = sum_of(x, h, w_ih, w_hh, b_ih, b_hh).exp(), (-sum_of(x, h, w_ih, w_hh, b_ih, b_hh)).exp()
    return (up - down) / (up + down)
