"""One step of the Elman network."""

from mmcourse.checks import Case, Exercise, Mistake, lazy
from mmcourse.checks.lesson_04._inputs import cell_inputs
from mmcourse.checks.lesson_04.ways.cell import by_exponentials as _by_exponentials
from mmcourse.checks.lesson_04.ways.cell import elman as _elman
from mmcourse.checks.lesson_04.ways.cell import sum_of as _sum

torch = lazy("torch")


def _tiny(generator):
    return (
        torch.tensor([[1.0]]),
        torch.tensor([[1.0, 0.0]]),
        torch.tensor([[0.5], [0.0]]),
        torch.tensor([[0.0, 1.0], [-1.0, 0.0]]),
        torch.tensor([0.0, 0.5]),
        torch.tensor([0.5, 0.0]),
    )


def _large(generator):
    x, *others = cell_inputs(generator, 2, 3, 4)
    return (200 * x, *others)


_ONE_BIAS = "One of the two biases is missing: torch.nn keeps b_ih and b_hh, and both are added."
_ROWS = (
    "Row i of a weight makes number i of the new state, from all numbers of what comes in: x @ w.T, with x "
    "on the left. In front of the row x.T, or without .T, the shapes do not meet."
)
_EXCHANGED = "The weights are exchanged: ih stands for input to hidden, hh for hidden to hidden."
_TIMES = "`*` multiplies number by number; each number of the new state is a sum of products: `@`."
_TANH_LAST = "tanh comes once, last, over the whole sum of what the frame and the state bring."

rnn_cell = Exercise(
    id="04.1",
    name="rnn_cell",
    title="One step in time",
    difficulty=1,
    minutes=10,
    stub="return the new state, tanh of what the frame and the old state bring",
    parameters=("input", "hidden", "w_ih", "w_hh", "b_ih", "b_hh"),
    reference=_elman,
    hints=(
        "Four things are added before tanh. Which two come from the frame and which two from the old state?",
        "w_ih is [hidden, feature] and input [batch, feature]. Which of the two must be turned round for "
        "`@`, so that [batch, hidden] comes out?",
        "input @ w_ih.T + b_ih is what the frame brings; hidden and w_hh go the same way. Add, then "
        "torch.tanh.",
    ),
    cases=(
        Case("one feature, two numbers of state", _tiny),
        Case("three clips", lambda g: cell_inputs(g, 3, 4, 5)),
        Case("as many features as numbers of state", lambda g: cell_inputs(g, 2, 3, 3)),
        Case("a batch of one", lambda g: cell_inputs(g, 1, 4, 2)),
        Case("a very loud frame", _large),
    ),
    mistakes=(
        Mistake(
            "no tanh",
            _sum,
            "This is the sum that goes into tanh: without tanh a state can grow with every step.",
        ),
        Mistake(
            "w_hh not turned",
            lambda x, h, w_ih, w_hh, b_ih, b_hh: torch.tanh(x @ w_ih.T + b_ih + h @ w_hh + b_hh),
            "w_hh is square, so `hidden @ w_hh` runs, and mixes by columns. A row makes one number of the "
            "new state: w_hh.T.",
        ),
        Mistake(
            "nothing turned",
            lambda x, h, w_ih, w_hh, b_ih, b_hh: torch.tanh(x @ w_ih + b_ih + h @ w_hh + b_hh),
            _ROWS,
        ),
        Mistake(
            "weights in front",
            lambda x, h, w_ih, w_hh, b_ih, b_hh: torch.tanh(w_ih @ x + b_ih + w_hh @ h + b_hh),
            _ROWS,
        ),
        Mistake(
            "weights in front, frame turned",
            lambda x, h, w_ih, w_hh, b_ih, b_hh: torch.tanh(
                w_ih @ x.T + b_ih[:, None] + w_hh @ h.T + b_hh[:, None]
            ),
            "Your result is [hidden, batch]: with the weights in front, each clip is a column. Turn it round "
            "with .T, or put the frames in front.",
        ),
        Mistake(
            "weights in front, biases along the batch",
            lambda x, h, w_ih, w_hh, b_ih, b_hh: torch.tanh(w_ih @ x.T + b_ih + w_hh @ h.T + b_hh),
            "w_ih @ input.T makes each clip a column, so the biases go to clips instead of numbers of the "
            "state: put the frames in front, input @ w_ih.T.",
        ),
        Mistake(
            "without b_hh",
            lambda x, h, w_ih, w_hh, b_ih, b_hh: torch.tanh(x @ w_ih.T + b_ih + h @ w_hh.T),
            _ONE_BIAS,
        ),
        Mistake(
            "without b_ih",
            lambda x, h, w_ih, w_hh, b_ih, b_hh: torch.tanh(x @ w_ih.T + h @ w_hh.T + b_hh),
            _ONE_BIAS,
        ),
        Mistake(
            "without biases",
            lambda x, h, w_ih, w_hh, b_ih, b_hh: torch.tanh(x @ w_ih.T + h @ w_hh.T),
            "Both biases are missing: a state of zeros and a silent frame could then only give zeros.",
        ),
        Mistake(
            "b_ih for both",
            lambda x, h, w_ih, w_hh, b_ih, b_hh: torch.tanh(x @ w_ih.T + b_ih + h @ w_hh.T + b_ih),
            "You added b_ih where b_hh belongs: each of the two biases comes in once.",
        ),
        Mistake(
            "biases twice",
            lambda x, h, w_ih, w_hh, b_ih, b_hh: torch.tanh(_sum(x, h, w_ih, w_hh, b_ih, b_hh) + b_ih + b_hh),
            "You added the biases twice: each of the two comes in once.",
        ),
        Mistake(
            "joined in another order",
            lambda x, h, w_ih, w_hh, b_ih, b_hh: torch.tanh(
                torch.cat([h, x], dim=-1) @ torch.cat([w_ih, w_hh], dim=-1).T + b_ih + b_hh
            ),
            "Frame and state are joined in another order than their weights: w_ih belongs to the frame.",
        ),
        Mistake(
            "tanh twice",
            lambda *args: torch.tanh(_elman(*args)),
            "You took tanh twice: once, over the whole sum, is enough.",
        ),
        Mistake(
            "relu in tanh",
            lambda *args: torch.tanh(_sum(*args).relu()),
            "There is a relu inside your tanh, so the state is never negative: leave it out.",
        ),
        Mistake(
            "everything times",
            lambda x, h, w_ih, w_hh, b_ih, b_hh: torch.tanh(x * w_ih.T + b_ih + h * w_hh.T + b_hh),
            _TIMES,
        ),
        Mistake(
            "everything times, nothing turned",
            lambda x, h, w_ih, w_hh, b_ih, b_hh: torch.tanh(x * w_ih + b_ih + h * w_hh + b_hh),
            "`*` multiplies number by number; a row of the weights times the frame, summed up, is `@`: "
            "input @ w_ih.T.",
        ),
        Mistake(
            "two results",
            lambda *args: (_elman(*args), _elman(*args)),
            "One tensor is wanted, the new state: here it is also the output.",
        ),
        Mistake(
            "weights joined in another order",
            lambda x, h, w_ih, w_hh, b_ih, b_hh: torch.tanh(
                torch.cat([x, h], dim=-1) @ torch.cat([w_hh, w_ih], dim=-1).T + b_ih + b_hh
            ),
            "Frame and state are joined in another order than their weights: w_ih belongs to the frame.",
        ),
        Mistake(
            "sigmoid",
            lambda *args: torch.sigmoid(_sum(*args)),
            "You used a sigmoid, which gives 0 to 1; the state of this cell is a tanh, from −1 to 1.",
        ),
        Mistake(
            "relu",
            lambda *args: torch.relu(_sum(*args)),
            "You used relu, which lets a state grow without end; here the state is a tanh.",
        ),
        Mistake(
            "softmax",
            lambda *args: torch.softmax(_sum(*args), dim=-1),
            "A softmax makes the numbers of the state share a sum of 1, so that they cannot speak for "
            "themselves: take tanh.",
        ),
        Mistake(
            "softmax of relu",
            lambda *args: torch.softmax(torch.relu(_sum(*args)), dim=-1),
            "That is the formula with relu inside softmax that the lesson shows to forget; take tanh of the "
            "sum instead.",
        ),
        Mistake(
            "tanh of each",
            lambda x, h, w_ih, w_hh, b_ih, b_hh: (
                torch.tanh(x @ w_ih.T + b_ih) + torch.tanh(h @ w_hh.T + b_hh)
            ),
            _TANH_LAST,
        ),
        Mistake(
            "tanh of the frame only",
            lambda x, h, w_ih, w_hh, b_ih, b_hh: torch.tanh(x @ w_ih.T + b_ih) + h @ w_hh.T + b_hh,
            _TANH_LAST,
        ),
        Mistake(
            "tanh of the state only",
            lambda x, h, w_ih, w_hh, b_ih, b_hh: x @ w_ih.T + b_ih + torch.tanh(h @ w_hh.T + b_hh),
            _TANH_LAST,
        ),
        Mistake(
            "old state added",
            lambda x, h, *others: h + _elman(x, h, *others),
            "You added the old state to the new one; it counts only through w_hh.",
        ),
        Mistake(
            "state left out",
            lambda x, h, w_ih, w_hh, b_ih, b_hh: torch.tanh(x @ w_ih.T + b_ih),
            "The old state is left out: without hidden and w_hh the cell remembers nothing.",
        ),
        Mistake(
            "state without its weights",
            lambda x, h, w_ih, w_hh, b_ih, b_hh: torch.tanh(x @ w_ih.T + b_ih + h + b_hh),
            "You add the old state as it is; it goes through its own weights first, w_hh.",
        ),
        Mistake(
            "state times its weights",
            lambda x, h, w_ih, w_hh, b_ih, b_hh: torch.tanh(x @ w_ih.T + b_ih + h * w_hh + b_hh),
            _TIMES,
        ),
        Mistake(
            "frame left out",
            lambda x, h, w_ih, w_hh, b_ih, b_hh: torch.tanh(h @ w_hh.T + b_hh),
            "The frame is left out: without input and w_ih the cell hears nothing.",
        ),
        Mistake(
            "weights exchanged",
            lambda x, h, w_ih, w_hh, b_ih, b_hh: torch.tanh(x @ w_hh.T + b_hh + h @ w_ih.T + b_ih),
            _EXCHANGED,
        ),
        Mistake(
            "weights exchanged, state first",
            lambda x, h, w_ih, w_hh, b_ih, b_hh: torch.tanh(h @ w_ih.T + b_ih + x @ w_hh.T + b_hh),
            _EXCHANGED,
        ),
        Mistake(
            "tanh by exponentials",
            _by_exponentials,
            "exp overflows for large sums, and ∞ / ∞ is NaN: torch.tanh does not.",
        ),
        Mistake(
            "detached",
            lambda x, h, *others: _elman(x, h.detach(), *others),
            "The gradient does not flow through the old state: without it nothing is learnt from earlier "
            "frames. Leave .detach() and .data out.",
        ),
    ),
    noticing="The same weights serve every step: a clip of 500 frames needs no more of them than one of 5.",
    gradient=True,
)
