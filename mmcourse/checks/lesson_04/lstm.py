"""The LSTM's step: a memory that is added to, and shown in part."""

from mmcourse.checks import Case, Exercise, Mistake, lazy
from mmcourse.checks.lesson_04._inputs import uniform, weights
from mmcourse.checks.lesson_04.ways import lstm as ways

torch = lazy("torch")


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
    reference=ways.lstm,
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
        Mistake("order i, f, o, g", lambda *args: ways.lstm(*args, order="ifog"), _ORDER),
        Mistake(
            "order f, i, g, o",
            lambda *args: ways.lstm(*args, order="figo"),
            "f and i are exchanged: the first block of rows is i, which weighs what is written, the second "
            "f, which weighs the old memory.",
        ),
        Mistake("order f, i, o, g", lambda *args: ways.lstm(*args, order="fiog"), _ORDER),
        Mistake("order i, g, f, o", lambda *args: ways.lstm(*args, order="igfo"), _ORDER),
        Mistake("order g, i, f, o", lambda *args: ways.lstm(*args, order="gifo"), _ORDER),
        Mistake("order i, o, f, g", lambda *args: ways.lstm(*args, order="iofg"), _ORDER),
        Mistake(
            "interleaved",
            ways.interleaved,
            "The four gates lie in blocks, all rows of i first; you took every fourth row.",
        ),
        Mistake(
            "cut across the batch",
            ways.cut_across_the_batch,
            "chunk(4) cuts the first axis, which is the batch: dim=-1 cuts the columns into i, f, g and o. "
            "(split wants the size of a block, hidden, instead.)",
        ),
        Mistake(
            "three blocks",
            ways.three_blocks,
            "An LSTM has four blocks of rows, i, f, g and o: chunk(4, dim=-1).",
        ),
        Mistake(
            "pair exchanged",
            lambda *args: ways.lstm(*args)[::-1],
            "You return the memory first; the order is state, then memory: `return h, c`.",
        ),
        Mistake(
            "pair exchanged at the start",
            ways.exchanged_in,
            "`state` holds the state first, then the memory: h, c = state.",
        ),
        Mistake(
            "state only",
            lambda *args: ways.lstm(*args)[0],
            "The memory is missing: the next step needs both, `return h, c`.",
        ),
        Mistake(
            "memory only",
            lambda *args: ways.lstm(*args)[1],
            "The state is missing: the next step needs both, `return h, c`.",
        ),
        Mistake(
            "output and pair",
            lambda *args: (ways.lstm(*args)[0], ways.lstm(*args)),
            "Two results are wanted, h and c side by side: here the output is the state h itself.",
        ),
        Mistake(
            "old memory shown",
            ways.with_pair(lambda i, f, g, o, h, c: (o * torch.tanh(c), f * c + i * g)),
            "Your state shows the old memory; it is made from the new one, o · tanh(c′).",
        ),
        Mistake(
            "no tanh on the memory",
            ways.with_pair(lambda i, f, g, o, h, c: (o * (f * c + i * g), f * c + i * g)),
            "The memory may grow, so it goes through tanh before o lets it out: h′ = o · tanh(c′).",
        ),
        Mistake(
            "tanh kept in the memory",
            ways.with_pair(
                lambda i, f, g, o, h, c: (o * torch.tanh(f * c + i * g), torch.tanh(f * c + i * g))
            ),
            "tanh belongs to what is shown, not to what is kept: c′ = f · c + i · g stays as it is.",
        ),
        Mistake(
            "sigmoid on the memory",
            ways.with_pair(lambda i, f, g, o, h, c: (o * torch.sigmoid(f * c + i * g), f * c + i * g)),
            "What is shown of the memory is o · tanh(c′), which may be negative; you took a sigmoid.",
        ),
        Mistake(
            "state left out",
            ways.without_the_state,
            "The old state h is left out: every gate looks at the frame and at h, through w_hh.",
        ),
        Mistake(
            "raw news",
            ways.raw_news,
            "The news g has no tanh: what is written lies between −1 and 1.",
        ),
        Mistake(
            "stacked",
            lambda *args: torch.stack(ways.lstm(*args)),
            "You joined h and c into one tensor; return the pair, `return h, c`.",
        ),
        Mistake(
            "no output gate",
            ways.with_pair(lambda i, f, g, o, h, c: (torch.tanh(f * c + i * g), f * c + i * g)),
            "The output gate o is not used: it says how much of tanh(c′) is shown.",
        ),
        Mistake(
            "nothing is forgotten",
            ways.shown(lambda i, f, g, o, h, c: c + i * g),
            "The forget gate f is not used: the old memory comes in whole, and would only grow.",
        ),
        Mistake(
            "written without a gate",
            ways.shown(lambda i, f, g, o, h, c: f * c + g),
            "The input gate i is not used: it says how much of g is written.",
        ),
        Mistake(
            "1 − f writes",
            ways.shown(lambda i, f, g, o, h, c: f * c + (1 - f) * g),
            "You write with 1 − f, as a GRU does; an LSTM has a gate of its own for writing, i.",
        ),
        Mistake(
            "1 − f stays",
            ways.shown(lambda i, f, g, o, h, c: (1 - f) * c + i * g),
            "Your forget gate is the other way round: f is the share of the memory that stays.",
        ),
        Mistake(
            "state in place of the memory",
            ways.shown(lambda i, f, g, o, h, c: f * h + i * g),
            "You forget from the state h; f weighs the old memory, c.",
        ),
        Mistake(
            "sigmoid everywhere",
            ways.squashed(lambda gate: torch.sigmoid(gate)),
            "g is a tanh: what is written may be negative. Only i, f and o are sigmoids.",
        ),
        Mistake(
            "tanh everywhere",
            ways.squashed(lambda gate: torch.tanh(gate)),
            "i, f and o are sigmoids, from 0 to 1; only g is a tanh.",
        ),
        Mistake(
            "raw",
            ways.squashed(lambda gate: gate),
            "Your gates are raw sums: i, f and o need a sigmoid, g a tanh.",
        ),
        Mistake(
            "forget bias",
            lambda *args: ways.lstm(*args, forget=1.0),
            "You add 1 to the forget gate. Elsewhere that is a way to start training; here the biases are "
            "given.",
        ),
        Mistake("without b_ih", ways.without_bias((2,)), _ONE_BIAS),
        Mistake("without b_hh", ways.without_bias((3,)), _ONE_BIAS),
        Mistake("without biases", ways.without_bias((2, 3)), "Both biases are missing, b_ih and b_hh."),
    ),
    noticing="From c to c′ there is one product with f and one sum: no weight, no tanh. Where f is near 1, "
    "a gradient goes back through it over hundreds of steps.",
    gradient=True,
)
