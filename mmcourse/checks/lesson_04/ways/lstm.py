"""Ways to make an LSTM's step, right and wrong."""

from mmcourse.checks import lazy

torch = lazy("torch")


def gates_of(x, h, w_ih, w_hh, b_ih, b_hh, order="ifgo"):
    """i, f, g, o before their sigmoid or tanh, whatever their order in the rows."""
    total = x @ w_ih.T + b_ih + h @ w_hh.T + b_hh
    blocks = dict(zip(order, total.chunk(4, dim=-1), strict=True))
    return [blocks[gate] for gate in "ifgo"]


def lstm(x, state, *weights, order="ifgo", forget=0.0):
    h, c = state
    i, f, g, o = gates_of(x, h, *weights, order=order)
    c = torch.sigmoid(f + forget) * c + torch.sigmoid(i) * torch.tanh(g)
    return torch.sigmoid(o) * torch.tanh(c), c


def with_pair(make):
    """An LSTM whose pair is made by make(i, f, g, o, h, c) from gates that are sigmoid and tanh already."""

    def wrong(x, state, *weights):
        h, c = state
        i, f, g, o = gates_of(x, h, *weights)
        return make(torch.sigmoid(i), torch.sigmoid(f), torch.tanh(g), torch.sigmoid(o), h, c)

    return wrong


def shown(make_memory):
    """An LSTM with another memory, from which the state is made as it should be."""

    def make(i, f, g, o, h, c):
        memory = make_memory(i, f, g, o, h, c)
        return o * torch.tanh(memory), memory

    return with_pair(make)


def squashed(squash):
    def wrong(x, state, *weights):
        h, c = state
        i, f, g, o = (squash(gate) for gate in gates_of(x, h, *weights))
        c = f * c + i * g
        return o * torch.tanh(c), c

    return wrong


def interleaved(x, state, *weights):
    return lstm(x, state, *(w.unflatten(0, (-1, 4)).transpose(0, 1).flatten(0, 1) for w in weights))


def cut_across_the_batch(x, state, w_ih, w_hh, b_ih, b_hh):
    i, f, g, o = (x @ w_ih.T + b_ih + state[0] @ w_hh.T + b_hh).chunk(4)
    c = torch.sigmoid(f) * state[1] + torch.sigmoid(i) * torch.tanh(g)
    return torch.sigmoid(o) * torch.tanh(c), c


def three_blocks(x, state, w_ih, w_hh, b_ih, b_hh):
    i, f, g, o = (x @ w_ih.T + b_ih + state[0] @ w_hh.T + b_hh).chunk(3, dim=-1)
    return i + f + g + o


def without_bias(place):
    def wrong(x, state, *weights):
        return lstm(x, state, *(0 * w if n in place else w for n, w in enumerate(weights)))

    return wrong


def exchanged_in(x, state, *weights):
    return lstm(x, state[::-1], *weights)


def without_the_state(x, state, w_ih, w_hh, b_ih, b_hh):
    return lstm(x, state, w_ih, 0 * w_hh, b_ih, 0 * b_hh)


def raw_news(x, state, *weights):
    h, c = state
    i, f, g, o = gates_of(x, h, *weights)
    c = torch.sigmoid(f) * c + torch.sigmoid(i) * g
    return torch.sigmoid(o) * torch.tanh(c), c
