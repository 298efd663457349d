"""The LSTM's step: a memory that is added to, and shown in part."""

from mmcourse.checks import Case, Exercise, Mistake, lazy
from mmcourse.checks.lesson_04._inputs import uniform, weights

torch = lazy("torch")


def _gates(x, h, w_ih, w_hh, b_ih, b_hh, order="ifgo"):
    """i, f, g, o before their sigmoid or tanh, whatever their order in the rows."""
    total = x @ w_ih.T + b_ih + h @ w_hh.T + b_hh
    blocks = dict(zip(order, total.chunk(4, dim=-1), strict=True))
    return [blocks[gate] for gate in "ifgo"]


def _lstm(x, state, *weights, order="ifgo", forget=0.0):
    h, c = state
    i, f, g, o = _gates(x, h, *weights, order=order)
    c = torch.sigmoid(f + forget) * c + torch.sigmoid(i) * torch.tanh(g)
    return torch.sigmoid(o) * torch.tanh(c), c


def _with(make):
    """An LSTM whose pair is made by make(i, f, g, o, h, c) from gates that are sigmoid and tanh already."""

    def wrong(x, state, *weights):
        h, c = state
        i, f, g, o = _gates(x, h, *weights)
        return make(torch.sigmoid(i), torch.sigmoid(f), torch.tanh(g), torch.sigmoid(o), h, c)

    return wrong


def _shown(make_memory):
    """An LSTM with another memory, from which the state is made as it should be."""

    def make(i, f, g, o, h, c):
        memory = make_memory(i, f, g, o, h, c)
        return o * torch.tanh(memory), memory

    return _with(make)


def _all(squash):
    def wrong(x, state, *weights):
        h, c = state
        i, f, g, o = (squash(gate) for gate in _gates(x, h, *weights))
        c = f * c + i * g
        return o * torch.tanh(c), c

    return wrong


def _interleaved(x, state, *weights):
    return _lstm(x, state, *(w.unflatten(0, (-1, 4)).transpose(0, 1).flatten(0, 1) for w in weights))


def _cut_across_the_batch(x, state, w_ih, w_hh, b_ih, b_hh):
    i, f, g, o = (x @ w_ih.T + b_ih + state[0] @ w_hh.T + b_hh).chunk(4)
    c = torch.sigmoid(f) * state[1] + torch.sigmoid(i) * torch.tanh(g)
    return torch.sigmoid(o) * torch.tanh(c), c


def _three_blocks(x, state, w_ih, w_hh, b_ih, b_hh):
    i, f, g, o = (x @ w_ih.T + b_ih + state[0] @ w_hh.T + b_hh).chunk(3, dim=-1)
    return i + f + g + o


def _without_bias(place):
    def wrong(x, state, *weights):
        return _lstm(x, state, *(0 * w if n in place else w for n, w in enumerate(weights)))

    return wrong


def _exchanged_in(x, state, *weights):
    return _lstm(x, state[::-1], *weights)


def _inputs(generator, batch, feature, hidden):
    return (
        uniform(generator, batch, feature, scale=2),
        (uniform(generator, batch, hidden), uniform(generator, batch, hidden, scale=2)),
        *weights(generator, feature, hidden, gates=4),
    )


def _tiny(generator):
    return (
        torch.tensor([[1.0]]),
        (torch.tensor([[0.5]]), torch.tensor([[2.0]])),
        torch.tensor([[0.0], [1.0], [2.0], [-1.0]]),
        torch.tensor([[1.0], [0.0], [0.0], [0.0]]),
        torch.tensor([0.0, 0.0, 0.0, 0.0]),
        torch.tensor([0.0, 1.0, 0.0, 0.0]),
    )


_ORDER = "The rows of the weights stand in the order i, f, g, o; you read them in another."
_ONE_BIAS = "One of the two biases is missing: torch.nn keeps b_ih and b_hh, and both are added."

lstm_cell = Exercise(
    id="04.6",
    name="lstm_cell",
    title="A memory: one step of an LSTM",
    difficulty=2,
    minutes=15,
    stub="return the new state and the new memory",
    parameters=("input", "state", "w_ih", "w_hh", "b_ih", "b_hh"),
    reference=_lstm,
    hints=(
        "All four blocks are cut from one sum of what the frame and the state bring. Which of them answer "
        "“how much?”, from 0 to 1, and which one holds what is written, from −1 to 1?",
        "What happens to the old memory c before something is added to it? And does the new state h show the "
        "old memory or the new one?",
        "i, f, g, o = (input @ w_ih.T + b_ih + h @ w_hh.T + b_hh).chunk(4, dim=-1); the sigmoid of f weighs "
        "the old memory, that of i weighs tanh(g), their sum is the new one; the sigmoid of o weighs its "
        "tanh.",
    ),
    cases=(
        Case("one feature, one number of state", _tiny),
        Case("three clips", lambda g: _inputs(g, 3, 4, 5)),
        Case("as many features as numbers of state", lambda g: _inputs(g, 2, 3, 3)),
        Case("a batch of one", lambda g: _inputs(g, 1, 4, 2)),
    ),
    mistakes=(
        Mistake("order i, f, o, g", lambda *args: _lstm(*args, order="ifog"), _ORDER),
        Mistake(
            "order f, i, g, o",
            lambda *args: _lstm(*args, order="figo"),
            "f and i are exchanged: the first block of rows is i, which weighs what is written, the second "
            "f, which weighs the old memory.",
        ),
        Mistake("order f, i, o, g", lambda *args: _lstm(*args, order="fiog"), _ORDER),
        Mistake("order i, g, f, o", lambda *args: _lstm(*args, order="igfo"), _ORDER),
        Mistake("order g, i, f, o", lambda *args: _lstm(*args, order="gifo"), _ORDER),
        Mistake("order i, o, f, g", lambda *args: _lstm(*args, order="iofg"), _ORDER),
        Mistake(
            "interleaved",
            _interleaved,
            "The four gates lie in blocks, all rows of i first; you took every fourth row.",
        ),
        Mistake(
            "cut across the batch",
            _cut_across_the_batch,
            "chunk(4) cuts the first axis, which is the batch: dim=-1 cuts the columns into i, f, g and o.",
        ),
        Mistake(
            "three blocks",
            _three_blocks,
            "An LSTM has four blocks of rows, i, f, g and o: chunk(4, dim=-1).",
        ),
        Mistake(
            "pair exchanged",
            lambda *args: _lstm(*args)[::-1],
            "You return the memory first; the order is state, then memory: `return h, c`.",
        ),
        Mistake(
            "pair exchanged at the start",
            _exchanged_in,
            "`state` holds the state first, then the memory: h, c = state.",
        ),
        Mistake(
            "state only",
            lambda *args: _lstm(*args)[0],
            "The memory is missing: the next step needs both, `return h, c`.",
        ),
        Mistake(
            "memory only",
            lambda *args: _lstm(*args)[1],
            "The state is missing: the next step needs both, `return h, c`.",
        ),
        Mistake(
            "output and pair",
            lambda *args: (_lstm(*args)[0], _lstm(*args)),
            "Two results are wanted, h and c side by side: here the output is the state h itself.",
        ),
        Mistake(
            "old memory shown",
            _with(lambda i, f, g, o, h, c: (o * torch.tanh(c), f * c + i * g)),
            "Your state shows the old memory; it is made from the new one, o · tanh(c′).",
        ),
        Mistake(
            "no tanh on the memory",
            _with(lambda i, f, g, o, h, c: (o * (f * c + i * g), f * c + i * g)),
            "The memory may grow, so it goes through tanh before o lets it out: h′ = o · tanh(c′).",
        ),
        Mistake(
            "tanh kept in the memory",
            _with(lambda i, f, g, o, h, c: (o * torch.tanh(f * c + i * g), torch.tanh(f * c + i * g))),
            "tanh belongs to what is shown, not to what is kept: c′ = f · c + i · g stays as it is.",
        ),
        Mistake(
            "no output gate",
            _with(lambda i, f, g, o, h, c: (torch.tanh(f * c + i * g), f * c + i * g)),
            "The output gate o is not used: it says how much of tanh(c′) is shown.",
        ),
        Mistake(
            "nothing is forgotten",
            _shown(lambda i, f, g, o, h, c: c + i * g),
            "The forget gate f is not used: the old memory comes in whole, and would only grow.",
        ),
        Mistake(
            "written without a gate",
            _shown(lambda i, f, g, o, h, c: f * c + g),
            "The input gate i is not used: it says how much of g is written.",
        ),
        Mistake(
            "1 − f writes",
            _shown(lambda i, f, g, o, h, c: f * c + (1 - f) * g),
            "You write with 1 − f, as a GRU does; an LSTM has a gate of its own for writing, i.",
        ),
        Mistake(
            "1 − f stays",
            _shown(lambda i, f, g, o, h, c: (1 - f) * c + i * g),
            "Your forget gate is the other way round: f is the share of the memory that stays.",
        ),
        Mistake(
            "state in place of the memory",
            _shown(lambda i, f, g, o, h, c: f * h + i * g),
            "You forget from the state h; f weighs the old memory, c.",
        ),
        Mistake(
            "sigmoid everywhere",
            _all(torch.sigmoid),
            "g is a tanh: what is written may be negative. Only i, f and o are sigmoids.",
        ),
        Mistake(
            "tanh everywhere", _all(torch.tanh), "i, f and o are sigmoids, from 0 to 1; only g is a tanh."
        ),
        Mistake(
            "raw", _all(lambda gate: gate), "Your gates are raw sums: i, f and o need a sigmoid, g a tanh."
        ),
        Mistake(
            "forget bias",
            lambda *args: _lstm(*args, forget=1.0),
            "You add 1 to the forget gate. Elsewhere that is a way to start training; here the biases are "
            "given.",
        ),
        Mistake("without b_ih", _without_bias((2,)), _ONE_BIAS),
        Mistake("without b_hh", _without_bias((3,)), _ONE_BIAS),
        Mistake("without biases", _without_bias((2, 3)), "Both biases are missing, b_ih and b_hh."),
    ),
    noticing="From c to c′ there is one product with f and one sum: no weight, no tanh. Where f is near 1, "
    "a gradient goes back through it over hundreds of steps.",
    gradient=True,
)
