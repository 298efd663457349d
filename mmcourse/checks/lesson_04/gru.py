"""The GRU's step: a state that moves towards a proposal, each number by its own gate."""

from mmcourse.checks import Case, Exercise, Mistake, lazy
from mmcourse.checks.lesson_04._inputs import cell_inputs
from mmcourse.checks.lesson_04.ways import gru as ways

torch = lazy("torch")


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
    reference=ways.gru,
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
            ways.with_proposal(ways.reset_first),
            "You reset the state before W_hn; torch resets after the product, r · (W_hn h + b_hn), which "
            "gives other numbers.",
        ),
        Mistake(
            "reset before the product, gates exchanged",
            ways.of_the_book,
            "Two things differ: you reset the state before W_hn, torch after the product; and z says how "
            "much of the old state stays, not how much of the proposal comes in.",
        ),
        Mistake(
            "gates exchanged in the mix",
            ways.with_mix(lambda r, z, n, h: z * n + (1 - z) * h),
            "Your z is the other way round: z says how much of the old state stays, 1 − z how much of the "
            "proposal comes in.",
        ),
        Mistake("order z, r, n", lambda *args: ways.gru(*args, order="zrn"), _ORDER),
        Mistake("order n, r, z", lambda *args: ways.gru(*args, order="nrz"), _ORDER),
        Mistake("order r, n, z", lambda *args: ways.gru(*args, order="rnz"), _ORDER),
        Mistake("order n, z, r", lambda *args: ways.gru(*args, order="nzr"), _ORDER),
        Mistake("order z, n, r", lambda *args: ways.gru(*args, order="znr"), _ORDER),
        Mistake(
            "interleaved",
            ways.interleaved,
            "The three gates lie in blocks, all rows of r first; you took every third row.",
        ),
        Mistake(
            "cut across the batch",
            ways.cut_across_the_batch,
            "chunk(3) cuts the first axis, which is the batch: dim=-1 cuts the columns into r, z and n. "
            "(split wants the size of a block, hidden, instead.)",
        ),
        Mistake(
            "reset forgotten",
            ways.with_proposal(lambda r, x_n, h_n, h, weights: x_n + h_n),
            "r is not used: it weighs what the state brings to the proposal.",
        ),
        Mistake(
            "reset over all", ways.with_proposal(lambda r, x_n, h_n, *others: r * (x_n + h_n)), _RESET_ALL
        ),
        Mistake(
            "reset over the frame", ways.with_proposal(lambda r, x_n, h_n, *others: r * x_n + h_n), _RESET_ALL
        ),
        Mistake(
            "bias outside",
            ways.with_proposal(ways.bias_outside),
            "b_hn stands outside the bracket: r weighs the whole of what the state brings, "
            "r · (W_hn h + b_hn).",
        ),
        Mistake(
            "bias of the proposal left out",
            ways.with_proposal(ways.bias_left_out),
            "b_hn is missing: what the state brings to the proposal is W_hn h + b_hn.",
        ),
        Mistake(
            "state without weights in the proposal",
            ways.with_proposal(lambda r, x_n, h_n, h, weights: x_n + r * h),
            "You reset the state itself; it goes through its weights first, r · (W_hn h + b_hn).",
        ),
        Mistake(
            "state not in the proposal",
            ways.with_proposal(lambda r, x_n, *_: x_n),
            "The old state is left out of the proposal: r · (W_hn h + b_hn) belongs into its tanh.",
        ),
        Mistake(
            "reset over the tanh",
            ways.reset_last,
            "r weighs what the state brings to the proposal, inside tanh; you weigh the whole proposal.",
        ),
        Mistake(
            "nothing turned",
            lambda x, h, w_ih, w_hh, b_ih, b_hh: x @ w_ih,
            "A row of w_ih makes one number of one gate, so the frame needs w_ih.T: input @ w_ih.T.",
        ),
        Mistake(
            "sigmoid proposal",
            lambda *args: ways.gru(*args, squash=torch.sigmoid),
            "The proposal is a tanh, from −1 to 1; only gates are sigmoids. With yours the state never falls "
            "below 0.",
        ),
        Mistake(
            "raw proposal",
            lambda *args: ways.gru(*args, squash=lambda x: x),
            "The proposal has no tanh, so the state can grow without end.",
        ),
        Mistake(
            "tanh gates",
            lambda *args: ways.gru(*args, gate=torch.tanh),
            "A gate is a sigmoid, from 0, shut, to 1, open; with tanh a gate can be negative.",
        ),
        Mistake(
            "raw gates",
            lambda *args: ways.gru(*args, gate=lambda x: x),
            "Your gates have no sigmoid: a gate lies between 0, shut, and 1, open.",
        ),
        Mistake(
            "state not in gates",
            ways.state_not_in_gates,
            "Your gates look at the frame only; the old state takes part in them too, through w_hh.",
        ),
        Mistake(
            "proposal only",
            ways.with_mix(lambda r, z, n, h: n),
            "This is the proposal n; z has yet to mix it with the old state.",
        ),
        Mistake(
            "old state whole",
            ways.with_mix(lambda r, z, n, h: (1 - z) * n + h),
            "The old state comes in whole; only the share z of it stays.",
        ),
        Mistake(
            "proposal whole",
            ways.with_mix(lambda r, z, n, h: n + z * h),
            "The proposal comes in whole: only the share 1 − z of it does, so that the mix never leaves −1 "
            "to 1.",
        ),
        Mistake(
            "old state lost",
            ways.with_mix(lambda r, z, n, h: (1 - z) * n),
            "The old state is lost: the share z of it stays, + z · h.",
        ),
        Mistake(
            "mixed by r",
            ways.with_mix(lambda r, z, n, h: (1 - r) * n + r * h),
            "You mixed by r; r makes the proposal, z mixes it with the old state.",
        ),
        Mistake(
            "state nowhere",
            ways.state_nowhere,
            "You computed the step from a state of zeros; the old state is handed over, hidden.",
        ),
        Mistake("without b_ih", ways.without_bias((2,)), _ONE_BIAS),
        Mistake("without b_hh", ways.without_bias((3,)), _ONE_BIAS),
        Mistake("without biases", ways.without_bias((2, 3)), "Both biases are missing, b_ih and b_hh."),
    ),
    noticing="Where z is 1 the state passes untouched, however many steps there are: no tanh, no "
    "product with a weight. That is the way on which gradients survive.",
    gradient=True,
)
