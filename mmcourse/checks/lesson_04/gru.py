"""The GRU's step: a state that moves towards a proposal, each number by its own gate."""

from mmcourse.checks import Case, Exercise, Mistake, lazy
from mmcourse.checks.lesson_04._inputs import cell_inputs

torch = lazy("torch")


def _parts(x, h, w_ih, w_hh, b_ih, b_hh, order="rzn"):
    """What the frame and what the state bring to r, z and n, whatever their order in the rows."""
    brings = []
    for total in (x @ w_ih.T + b_ih, h @ w_hh.T + b_hh):
        blocks = dict(zip(order, total.chunk(3, dim=-1), strict=True))
        brings.append([blocks[gate] for gate in "rzn"])
    return brings


def _gru(x, h, *weights, order="rzn", gate=None, squash=None):
    gate, squash = gate or torch.sigmoid, squash or torch.tanh
    (x_r, x_z, x_n), (h_r, h_z, h_n) = _parts(x, h, *weights, order=order)
    r, z = gate(x_r + h_r), gate(x_z + h_z)
    return (1 - z) * squash(x_n + r * h_n) + z * h


def _with_proposal(propose):
    """A GRU that makes its proposal by propose(r, x_n, h_n, h, weights)."""

    def wrong(x, h, *weights):
        (x_r, x_z, x_n), (h_r, h_z, h_n) = _parts(x, h, *weights)
        r, z = torch.sigmoid(x_r + h_r), torch.sigmoid(x_z + h_z)
        return (1 - z) * torch.tanh(propose(r, x_n, h_n, h, weights)) + z * h

    return wrong


def _with_mix(mix):
    """A GRU that makes its new state by mix(r, z, n, h)."""

    def wrong(x, h, *weights):
        (x_r, x_z, x_n), (h_r, h_z, h_n) = _parts(x, h, *weights)
        r, z = torch.sigmoid(x_r + h_r), torch.sigmoid(x_z + h_z)
        return mix(r, z, torch.tanh(x_n + r * h_n), h)

    return wrong


def _reset_first(r, x_n, h_n, h, weights):
    w_hh, b_hh = weights[1], weights[3]
    return x_n + (r * h) @ w_hh[2 * h.shape[1] :].T + b_hh[2 * h.shape[1] :]


def _bias_outside(r, x_n, h_n, h, weights):
    bias = weights[3][2 * h.shape[1] :]
    return x_n + r * (h_n - bias) + bias


def _bias_left_out(r, x_n, h_n, h, weights):
    return x_n + r * (h_n - weights[3][2 * h.shape[1] :])


def _interleaved(x, h, *weights):
    turned = [w.unflatten(0, (-1, 3)).transpose(0, 1).flatten(0, 1) for w in weights]
    return _gru(x, h, *turned)


def _cut_across_the_batch(x, h, w_ih, w_hh, b_ih, b_hh):
    x_r, x_z, x_n = (x @ w_ih.T + b_ih).chunk(3)
    h_r, h_z, h_n = (h @ w_hh.T + b_hh).chunk(3)
    r, z = torch.sigmoid(x_r + h_r), torch.sigmoid(x_z + h_z)
    return (1 - z) * torch.tanh(x_n + r * h_n) + z * h


def _state_nowhere(x, h, *weights):
    return _gru(x, torch.zeros_like(h), *weights)


def _state_not_in_gates(x, h, *weights):
    (x_r, x_z, x_n), (_, _, h_n) = _parts(x, h, *weights)
    r, z = torch.sigmoid(x_r), torch.sigmoid(x_z)
    return (1 - z) * torch.tanh(x_n + r * h_n) + z * h


def _without_bias(place):
    def wrong(x, h, *weights):
        return _gru(x, h, *(0 * w if n in place else w for n, w in enumerate(weights)))

    return wrong


def _tiny(generator):
    return (
        torch.tensor([[1.0]]),
        torch.tensor([[0.5]]),
        torch.tensor([[0.0], [1.0], [0.5]]),
        torch.tensor([[0.0], [0.0], [1.0]]),
        torch.tensor([0.0, 0.0, 0.0]),
        torch.tensor([0.0, 0.0, 1.0]),
    )


_ORDER = "The rows of the weights stand in the order r, z, n; you read them in another."
_ONE_BIAS = (
    "One of the two biases is missing: b_ih goes to what the frame brings, b_hh to what the state brings."
)
_RESET_ALL = (
    "r weighs only what the state brings to the proposal; what the frame brings comes in whole: "
    "n = tanh(x_n + r · h_n)."
)

gru_cell = Exercise(
    id="04.5",
    name="gru_cell",
    title="Gates: one step of a GRU",
    difficulty=2,
    minutes=20,
    stub="return the new state, a mix of the old one and of a proposal",
    parameters=("input", "hidden", "w_ih", "w_hh", "b_ih", "b_hh"),
    reference=_gru,
    hints=(
        "input @ w_ih.T + b_ih has 3 · hidden columns. Which third belongs to r, which to z, which to n?",
        "For r and z what the frame and what the state bring are simply added. For n, where does r come in, "
        "before or after the state has been multiplied by its weights?",
        "x_r, x_z, x_n = (input @ w_ih.T + b_ih).chunk(3, dim=-1), and h_r, h_z, h_n likewise from hidden. "
        "Then r and z are sigmoids of sums, n = tanh(x_n + r * h_n), and z says how much of hidden stays.",
    ),
    cases=(
        Case("one feature, one number of state", _tiny),
        Case("three clips", lambda g: cell_inputs(g, 3, 4, 5, gates=3)),
        Case("as many features as numbers of state", lambda g: cell_inputs(g, 2, 3, 3, gates=3)),
        Case("a batch of one", lambda g: cell_inputs(g, 1, 4, 2, gates=3)),
    ),
    mistakes=(
        Mistake(
            "reset before the product",
            _with_proposal(_reset_first),
            "You reset the state before W_hn; torch resets after the product, r · (W_hn h + b_hn), which "
            "gives other numbers.",
        ),
        Mistake(
            "gates exchanged in the mix",
            _with_mix(lambda r, z, n, h: z * n + (1 - z) * h),
            "Your z is the other way round: z says how much of the old state stays, 1 − z how much of the "
            "proposal comes in.",
        ),
        Mistake("order z, r, n", lambda *args: _gru(*args, order="zrn"), _ORDER),
        Mistake("order n, r, z", lambda *args: _gru(*args, order="nrz"), _ORDER),
        Mistake("order r, n, z", lambda *args: _gru(*args, order="rnz"), _ORDER),
        Mistake("order n, z, r", lambda *args: _gru(*args, order="nzr"), _ORDER),
        Mistake("order z, n, r", lambda *args: _gru(*args, order="znr"), _ORDER),
        Mistake(
            "interleaved",
            _interleaved,
            "The three gates lie in blocks, all rows of r first; you took every third row.",
        ),
        Mistake(
            "cut across the batch",
            _cut_across_the_batch,
            "chunk(3) cuts the first axis, which is the batch: dim=-1 cuts the columns into r, z and n.",
        ),
        Mistake(
            "reset forgotten",
            _with_proposal(lambda r, x_n, h_n, h, weights: x_n + h_n),
            "r is not used: it weighs what the state brings to the proposal.",
        ),
        Mistake("reset over all", _with_proposal(lambda r, x_n, h_n, *others: r * (x_n + h_n)), _RESET_ALL),
        Mistake(
            "reset over the frame", _with_proposal(lambda r, x_n, h_n, *others: r * x_n + h_n), _RESET_ALL
        ),
        Mistake(
            "bias outside",
            _with_proposal(_bias_outside),
            "b_hn stands outside the bracket: r weighs the whole of what the state brings, "
            "r · (W_hn h + b_hn).",
        ),
        Mistake(
            "bias of the proposal left out",
            _with_proposal(_bias_left_out),
            "b_hn is missing: what the state brings to the proposal is W_hn h + b_hn.",
        ),
        Mistake(
            "state without weights in the proposal",
            _with_proposal(lambda r, x_n, h_n, h, weights: x_n + r * h),
            "You reset the state itself; it goes through its weights first, r · (W_hn h + b_hn).",
        ),
        Mistake(
            "sigmoid proposal",
            lambda *args: _gru(*args, squash=torch.sigmoid),
            "The proposal is a tanh, from −1 to 1; only gates are sigmoids. With yours the state never falls "
            "below 0.",
        ),
        Mistake(
            "raw proposal",
            lambda *args: _gru(*args, squash=lambda x: x),
            "The proposal has no tanh, so the state can grow without end.",
        ),
        Mistake(
            "tanh gates",
            lambda *args: _gru(*args, gate=torch.tanh),
            "A gate is a sigmoid, from 0, shut, to 1, open; with tanh a gate can be negative.",
        ),
        Mistake(
            "raw gates",
            lambda *args: _gru(*args, gate=lambda x: x),
            "Your gates have no sigmoid: a gate lies between 0, shut, and 1, open.",
        ),
        Mistake(
            "state not in gates",
            _state_not_in_gates,
            "Your gates look at the frame only; the old state takes part in them too, through w_hh.",
        ),
        Mistake(
            "proposal only",
            _with_mix(lambda r, z, n, h: n),
            "This is the proposal n; z has yet to mix it with the old state.",
        ),
        Mistake(
            "old state whole",
            _with_mix(lambda r, z, n, h: (1 - z) * n + h),
            "The old state comes in whole; only the share z of it stays.",
        ),
        Mistake(
            "proposal whole",
            _with_mix(lambda r, z, n, h: n + z * h),
            "The proposal comes in whole: only the share 1 − z of it does, so that the mix never leaves −1 "
            "to 1.",
        ),
        Mistake(
            "old state lost",
            _with_mix(lambda r, z, n, h: (1 - z) * n),
            "The old state is lost: the share z of it stays, + z · h.",
        ),
        Mistake(
            "mixed by r",
            _with_mix(lambda r, z, n, h: (1 - r) * n + r * h),
            "You mixed by r; r makes the proposal, z mixes it with the old state.",
        ),
        Mistake(
            "state nowhere",
            _state_nowhere,
            "You computed the step from a state of zeros; the old state is handed over, hidden.",
        ),
        Mistake("without b_ih", _without_bias((2,)), _ONE_BIAS),
        Mistake("without b_hh", _without_bias((3,)), _ONE_BIAS),
        Mistake("without biases", _without_bias((2, 3)), "Both biases are missing, b_ih and b_hh."),
    ),
    noticing="Where z is 1 the state passes untouched, however many steps there are: no tanh, no "
    "product with a weight. That is the way on which gradients survive.",
    gradient=True,
)
