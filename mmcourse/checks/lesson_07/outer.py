"""Every product of a feature of one sense with a feature of another: tensor fusion."""

from mmcourse.checks import Case, Exercise, Mistake, lazy
from mmcourse.checks.lesson_07 import outer_slips as slips

torch = lazy("torch")


def _tiny(_generator):
    return ([torch.tensor([[2.0, 3.0]]), torch.tensor([[5.0]])],)


def _case(batch, *widths):
    def make(generator):
        return ([torch.randn(batch, width, generator=generator) for width in widths],)

    return make


_ONE = (
    "The 1 behind each embedding keeps what one sense says alone: without it only products of both are left. "
    "Append it to every sense."
)
_LAST = "The 1 is appended: it stands behind the features, not before them."
_ORDER = (
    "The last sense's numbers change fastest: entry (i, j) of two senses stands at i · (d₂ + 1) + j, as "
    "(a[:, :, None] * b[:, None, :]).flatten(1) gives it."
)
_SINGLE = "Each sense becomes one feature wider: append torch.ones_like(x[:, :1]), along dim=1."
_ROWS = "Each example is multiplied with itself alone: the batch axis stays, [batch, …]."
_ALL = (
    "With three senses each entry is a product of three, one of each: take the result so far times the next."
)

tensor_fusion = Exercise(
    id="07.6",
    name="tensor_fusion",
    title="All products: tensor fusion",
    difficulty=2,
    minutes=15,
    stub="return all products of one number of each sense, a 1 appended to each: [batch, Π (dₛ + 1)]",
    parameters=("embeddings",),
    reference=slips.tensor,
    gradient=True,
    hints=(
        "(2, 3, 1) and (5, 1): which six products are there, and which of them hold one sense alone?",
        "For one example an outer product is a column times a row. What must the axes be, so that a whole "
        "batch is multiplied example by example?",
        "a[:, :, None] * b[:, None, :] is [batch, d₁, d₂]; flatten(1) keeps the batch. How do you go on "
        "with a "
        "third sense?",
        "Append with torch.cat([x, torch.ones_like(x[:, :1])], 1). Start with the first sense; for each "
        "other "
        "one: made = (made[:, :, None] * x[:, None, :]).flatten(1).",
    ),
    cases=(
        Case("(2, 3) and (5)", _tiny),
        Case("two senses", _case(4, 3, 2)),
        Case("widths and batch alike", _case(3, 3, 3)),
        Case("three senses", _case(2, 2, 3, 4)),
        Case("a batch of one", _case(1, 4, 2)),
        Case("four senses", _case(3, 1, 2, 1, 2)),
    ),
    mistakes=(
        Mistake("no 1", slips.no_one, _ONE),
        Mistake("1 first", slips.one_first, _LAST),
        Mistake("0", slips.zero, "You append 0, whose products are all 0: a 1 is wanted."),
        Mistake("one 1 at the end", slips.one_at_the_end, _ONE),
        Mistake("1 on the last", slips.one_on_the_last, _ONE),
        Mistake("1 on the first", slips.one_on_the_first, _ONE),
        Mistake("turned", slips.turned, _ORDER),
        Mistake("two only", slips.two_only, _ALL),
        Mistake("pairs", slips.pairs, _ALL),
        Mistake(
            "side by side",
            slips.side_by_side,
            "That is concatenation: multiply each number of one sense by each of the other.",
        ),
        Mistake("over the batch", slips.over_batch, _ROWS + " You multiply every example by every other."),
        Mistake(
            "squeezed", slips.squeezed, "squeeze() takes the batch axis away where it is 1: leave it out."
        ),
        Mistake(
            "flat",
            slips.flat,
            "flatten() without a 1 makes one row of the whole batch: flatten(1) keeps the first axis.",
        ),
        Mistake(
            "unflattened",
            slips.unflattened,
            "The products are right; lay them out as one row an example, flatten(1).",
        ),
        Mistake("summed", slips.summed, "You add where the numbers must be multiplied."),
        Mistake(
            "1 every time",
            slips.one_every_time,
            "Only each sense gets a 1, not the product so far: that one holds it already.",
        ),
        Mistake(
            "1 every time, from the second",
            slips.one_every_step,
            "Only each sense gets a 1, not the product so far: that one holds it already.",
        ),
        Mistake("as many 1s", slips.as_many_ones, _SINGLE + " torch.ones_like(x) is as wide as x."),
        Mistake("1 as an example", slips.one_as_an_example, _SINGLE + " Yours is one more example: dim=1."),
        Mistake("outer of all", slips.outer_of_all, _ROWS + " torch.outer knows no batch."),
        Mistake("other letters", slips.other_letters, _ROWS + " Two letters for it in einsum add one up."),
        Mistake("two names", slips.two_names, _ALL),
        Mistake("batch added up", slips.batch_sum, _ROWS + " Yours is added up over the batch."),
        Mistake(
            "Hadamard",
            slips.hadamard,
            "That multiplies feature i by feature i alone, and needs equal widths: every product is wanted.",
        ),
        Mistake(
            "detached",
            slips.detached,
            "tolist() and torch.tensor(…) cut the way back to the embeddings: stay in torch.",
        ),
        Mistake(
            "float32", slips.float32_one, "Make the ones of the kind that came: torch.ones_like(x[:, :1])."
        ),
    ),
    noticing="Four senses of 64 features each would make 65⁴, 18 million numbers an example. So 07.7 "
    "never writes the tensor down.",
)
