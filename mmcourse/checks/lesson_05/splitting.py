"""From one row of features to several heads."""

from mmcourse.checks import Case, Exercise, Mistake, lazy

torch = lazy("torch")


def _split(x, num_heads):
    return x.unflatten(-1, (num_heads, -1)).transpose(1, 2)


def _reshaped(x, num_heads):
    batch, time, features = x.shape
    return x.reshape(batch, num_heads, time, features // num_heads)


def _interleaved(x, num_heads):
    return x.unflatten(-1, (-1, num_heads)).permute(0, 3, 1, 2)


def _not_exchanged(x, num_heads):
    return x.unflatten(-1, (num_heads, -1))


def _heads_last(x, num_heads):
    return x.unflatten(-1, (num_heads, -1)).permute(0, 1, 3, 2)


def _transposed_with_view(x, num_heads):
    batch, time, features = x.shape
    return x.transpose(1, 2).reshape(batch, num_heads, time, features // num_heads)


def _inputs(generator, batch, time, num_heads, width):
    return torch.randn(batch, time, num_heads * width, generator=generator), num_heads


_WIDTH = (
    "You cut into heads of num_heads features; there are num_heads heads, each of feature / num_heads "
    "features."
)
_LIST = "This is a list of heads; one tensor is wanted: torch.stack(…, dim=1)."

split_heads = Exercise(
    id="05.7",
    name="split_heads",
    title="Cut features into heads",
    difficulty=1,
    minutes=10,
    stub="cut the features into num_heads pieces, each a head of its own",
    parameters=("x", "num_heads"),
    reference=_split,
    hints=(
        "Head 0 gets the first features of every frame. Which axis has to be cut, and which must stay whole?",
        "After the cut there are four axes, [batch, time, head, width]. How do time and head change places "
        "without mixing their numbers?",
        "x.unflatten(-1, (num_heads, -1)).transpose(1, 2); unflatten is a view or reshape of the last axis "
        "alone.",
    ),
    cases=(
        Case(
            "three frames of four features, two heads",
            lambda g: (torch.arange(12.0).reshape(1, 3, 4), 2),
        ),
        Case("random clips", lambda g: _inputs(g, 2, 5, 3, 2)),
        Case("as many frames as heads", lambda g: _inputs(g, 3, 4, 4, 4)),
        Case("one head", lambda g: _inputs(g, 2, 3, 1, 5)),
        Case("heads of one feature", lambda g: _inputs(g, 2, 3, 4, 1)),
        Case("one frame, a batch of one", lambda g: _inputs(g, 1, 1, 2, 3)),
    ),
    mistakes=(
        Mistake(
            "reshape alone",
            _reshaped,
            "reshape keeps the numbers in a row, so your heads are cut across time: cut the features first, "
            "[batch, time, head, width], then exchange time and head.",
        ),
        Mistake(
            "every n-th feature",
            _interleaved,
            "A head takes features that lie side by side; yours takes every num_heads-th: the head axis "
            "comes before the width, (num_heads, width).",
        ),
        Mistake(
            "not exchanged",
            _not_exchanged,
            "This is [batch, time, head, width]; each head should be a table of its own: exchange time and "
            "head, transpose(1, 2).",
        ),
        Mistake(
            "heads last",
            _heads_last,
            "Width and head have been exchanged; time and head have to be: transpose(1, 2).",
        ),
        Mistake(
            "heads first",
            lambda x, num_heads: _split(x, num_heads).transpose(0, 1),
            "The batch stays in front, the head axis is the second: [batch, head, time, width].",
        ),
        Mistake(
            "width and time exchanged",
            lambda x, num_heads: _split(x, num_heads).mT,
            "Time and width are exchanged: [batch, head, time, width] is wanted.",
        ),
        Mistake(
            "features turned, then reshaped",
            _transposed_with_view,
            "You exchanged time and feature and then reshaped, which mixes the two: first cut the features, "
            "then exchange time and head.",
        ),
        Mistake(
            "num_heads features a head", lambda x, num_heads: _split(x, x.shape[-1] // num_heads), _WIDTH
        ),
        Mistake(
            "num_heads features a head, not exchanged",
            lambda x, num_heads: x.unflatten(-1, (-1, num_heads)),
            _WIDTH,
        ),
        Mistake(
            "time cut",
            lambda x, num_heads: x.unflatten(1, (num_heads, -1)),
            "You cut time into pieces; the features are cut, and every head sees all frames.",
        ),
        Mistake(
            "time cut, chunks",
            lambda x, num_heads: torch.stack(x.chunk(num_heads, dim=1), dim=1),
            "You cut time into pieces; the features are cut, and every head sees all frames.",
        ),
        Mistake(
            "heads joined with the batch",
            lambda x, num_heads: _split(x, num_heads).flatten(0, 1),
            "Batch and head are one axis; they stay two: [batch, head, time, width].",
        ),
        Mistake(
            "heads below each other",
            lambda x, num_heads: torch.cat(x.chunk(num_heads, dim=-1), dim=1),
            "cat lays the heads behind each other along time; give them an axis of their own: "
            "torch.stack(…, dim=1).",
        ),
        Mistake("chunks", lambda x, num_heads: x.chunk(num_heads, dim=-1), _LIST),
        Mistake(
            "first head",
            lambda x, num_heads: x[..., : x.shape[-1] // num_heads],
            "Only the first head is there: is `return` inside your loop?",
        ),
        Mistake(
            "divided with /",
            lambda x, num_heads: x.view(len(x), -1, num_heads, x.shape[-1] / num_heads),
            "`/` gives a float, and sizes are whole numbers: `//`.",
        ),
        Mistake(
            "pieces of num_heads",
            lambda x, num_heads: x.reshape(len(x), x.shape[1], num_heads, num_heads),
            _WIDTH,
        ),
        Mistake(
            "detached",
            lambda x, num_heads: _split(x.detach(), num_heads),
            "No gradient flows back to x: stay with tensor operations, without .item(), .tolist() or .data.",
        ),
    ),
    noticing="No number is copied: it is a view of the same memory. The way back is "
    ".transpose(1, 2).flatten(2), in this order.",
    gradient=True,
)
