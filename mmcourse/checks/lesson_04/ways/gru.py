"""Ways to make a GRU's step, right and wrong."""

from mmcourse.checks import lazy

torch = lazy("torch")


def parts(x, h, w_ih, w_hh, b_ih, b_hh, order="rzn"):
    """What the frame and what the state bring to r, z and n, whatever their order in the rows."""
    brings = []
    for total in (x @ w_ih.T + b_ih, h @ w_hh.T + b_hh):
        blocks = dict(zip(order, total.chunk(3, dim=-1), strict=True))
        brings.append([blocks[gate] for gate in "rzn"])
    return brings


def gru(x, h, *weights, order="rzn", gate=None, squash=None):
    gate, squash = gate or torch.sigmoid, squash or torch.tanh
    (x_r, x_z, x_n), (h_r, h_z, h_n) = parts(x, h, *weights, order=order)
    r, z = gate(x_r + h_r), gate(x_z + h_z)
    return (1 - z) * squash(x_n + r * h_n) + z * h


def with_proposal(propose):
    """A GRU that makes its proposal by propose(r, x_n, h_n, h, weights)."""

    def wrong(x, h, *weights):
        (x_r, x_z, x_n), (h_r, h_z, h_n) = parts(x, h, *weights)
        r, z = torch.sigmoid(x_r + h_r), torch.sigmoid(x_z + h_z)
        return (1 - z) * torch.tanh(propose(r, x_n, h_n, h, weights)) + z * h

    return wrong


def with_mix(mix):
    """A GRU that makes its new state by mix(r, z, n, h)."""

    def wrong(x, h, *weights):
        (x_r, x_z, x_n), (h_r, h_z, h_n) = parts(x, h, *weights)
        r, z = torch.sigmoid(x_r + h_r), torch.sigmoid(x_z + h_z)
        return mix(r, z, torch.tanh(x_n + r * h_n), h)

    return wrong


def reset_first(r, x_n, h_n, h, weights):
    w_hh, b_hh = weights[1], weights[3]
    return x_n + (r * h) @ w_hh[2 * h.shape[1] :].T + b_hh[2 * h.shape[1] :]


def bias_outside(r, x_n, h_n, h, weights):
    bias = weights[3][2 * h.shape[1] :]
    return x_n + r * (h_n - bias) + bias


def bias_left_out(r, x_n, h_n, h, weights):
    return x_n + r * (h_n - weights[3][2 * h.shape[1] :])


def interleaved(x, h, *weights):
    turned = [w.unflatten(0, (-1, 3)).transpose(0, 1).flatten(0, 1) for w in weights]
    return gru(x, h, *turned)


def cut_across_the_batch(x, h, w_ih, w_hh, b_ih, b_hh):
    x_r, x_z, x_n = (x @ w_ih.T + b_ih).chunk(3)
    h_r, h_z, h_n = (h @ w_hh.T + b_hh).chunk(3)
    r, z = torch.sigmoid(x_r + h_r), torch.sigmoid(x_z + h_z)
    return (1 - z) * torch.tanh(x_n + r * h_n) + z * h


def state_nowhere(x, h, *weights):
    return gru(x, torch.zeros_like(h), *weights)


def state_not_in_gates(x, h, *weights):
    (x_r, x_z, x_n), (_, _, h_n) = parts(x, h, *weights)
    r, z = torch.sigmoid(x_r), torch.sigmoid(x_z)
    return (1 - z) * torch.tanh(x_n + r * h_n) + z * h


def without_bias(place):
    def wrong(x, h, *weights):
        return gru(x, h, *(0 * w if n in place else w for n, w in enumerate(weights)))

    return wrong


def of_the_book(x, h, *weights):
    """Reset before the product, and z the share of the proposal, as textbooks have it."""
    (x_r, x_z, x_n), (h_r, h_z, h_n) = parts(x, h, *weights)
    r, z = torch.sigmoid(x_r + h_r), torch.sigmoid(x_z + h_z)
    return z * torch.tanh(reset_first(r, x_n, h_n, h, weights)) + (1 - z) * h


def reset_last(x, h, *weights):
    (x_r, x_z, x_n), (h_r, h_z, h_n) = parts(x, h, *weights)
    r, z = torch.sigmoid(x_r + h_r), torch.sigmoid(x_z + h_z)
    return (1 - z) * r * torch.tanh(x_n + h_n) + z * h
