"""What people get wrong in one gradient of several processes, and what they are told."""

from mmcourse.checks import Mistake, lazy

torch = lazy("torch")


def _weighted(gradients, counts, weigh, divide=None):
    """For each parameter the sum over processes of weigh(count) * gradient, over `divide`."""
    sums = []
    for one in zip(*gradients, strict=True):
        total = sum(weigh(count) * gradient for gradient, count in zip(one, counts, strict=True))
        sums.append(total if divide is None else total / divide)
    return sums


def reduced(gradients, counts):
    some = [pair for pair in zip(gradients, counts, strict=True) if pair[1] > 0]
    gradients, counts = zip(*some, strict=True)
    return _weighted(gradients, counts, lambda count: count, sum(counts))


def _by_its_nan(gradients, counts):
    """Leaves gradients out where they hold NaN, whatever the count."""
    sums = []
    for one in zip(*gradients, strict=True):
        pairs = [pair for pair in zip(one, counts, strict=True) if not pair[0].isnan().any()]
        sums.append(sum(count * gradient for gradient, count in pairs) / sum(counts))
    return sums


def _in_place(gradients, counts):
    total = [gradient.mul_(counts[0]) for gradient in gradients[0]]
    for others, count in zip(gradients[1:], counts[1:], strict=True):
        for gradient, other in zip(total, others, strict=True):
            gradient.add_(other, alpha=count)
    return [gradient.div_(sum(counts)) for gradient in total]


def _of_all_processes(gradients, counts, weigh, divide):
    """The weighted gradients of each process by itself, never added up."""
    return [
        [weigh(count) * gradient / divide for gradient in own]
        for own, count in zip(gradients, counts, strict=True)
    ]


def _within_a_process(gradients, counts):
    """Added over the parameters of a process instead of over processes."""
    return [sum(own) * count / sum(counts) for own, count in zip(gradients, counts, strict=True)]


def _softmax_weights(gradients, counts):
    weights = torch.tensor(counts, dtype=gradients[0][0].dtype).softmax(dim=0)
    return [
        sum(w * gradient for w, gradient in zip(weights, one, strict=True))
        for one in zip(*gradients, strict=True)
    ]


def _norm_weights(gradients, counts):
    weights = [count / sum(count**2 for count in counts) ** 0.5 for count in counts]
    return _weighted(gradients, weights, lambda weight: weight)


def _stacked(gradients, counts):
    """All in one tensor [process, parameter, …]: possible only where parameters are of one shape."""
    weighted = [count * torch.stack(own) for own, count in zip(gradients, counts, strict=True)]
    return list(torch.stack(weighted).sum(dim=0) / sum(counts))


_EMPTY = (
    "A process without examples has the mean over nothing, NaN, and 0 · NaN is still NaN: leave such a "
    "process out of the sum, or put zeros in its place."
)
_HIDDEN = (
    "NaN from a process that had examples means that the training is broken, and yours hides it: does the "
    "count, not the NaN, tell whom to leave out?"
)
_EQUAL = (
    "You take the mean over processes, so an example counts more in a small share than in a large one. How "
    "many examples stand behind each gradient?"
)

MISTAKES = (
    Mistake(
        "mean over processes", lambda gs, counts: _weighted(gs, counts, lambda c: 1, len(counts)), _EQUAL
    ),
    Mistake(
        "mean over processes that have examples",
        lambda gs, counts: _weighted(
            [own for own, count in zip(gs, counts, strict=True) if count],
            [count for count in counts if count],
            lambda c: 1,
            sum(count > 0 for count in counts),
        ),
        _EQUAL,
    ),
    Mistake(
        "sum",
        lambda gs, counts: _weighted(gs, counts, lambda c: 1),
        "You add up means: the more processes, the longer the step. By what must the sum be divided?",
    ),
    Mistake(
        "sum of sums",
        lambda gs, counts: _weighted(gs, counts, lambda c: c),
        "This is the gradient of the summed loss; a mean over all examples is divided by their number, "
        "isn't it?",
    ),
    Mistake(
        "divided by the processes",
        lambda gs, counts: _weighted(gs, counts, lambda c: c, len(counts)),
        "You weigh by the counts and divide by the number of processes: how many examples are there in all?",
    ),
    Mistake(
        "means over the count",
        lambda gs, counts: _weighted(gs, counts, lambda c: 1, sum(counts)),
        "You divide means by the number of all examples: make sums of them first, times each process's "
        "count. Isn't a mean too small by that?",
    ),
    Mistake(
        "divided once more by the processes",
        lambda gs, counts: _weighted(gs, counts, lambda c: c / sum(counts), len(counts)),
        "The shares count / sum(counts) add up to 1 already: why divide by the number of processes too?",
    ),
    Mistake(
        "the other way round",
        lambda gs, counts: _weighted(
            gs, counts, lambda c: 1 / c if c else 0, sum(1 / c for c in counts if c)
        ),
        "Few examples weigh more than many in your sum: is it divided by the counts where it should be "
        "multiplied?",
    ),
    Mistake(
        "shares of the largest",
        lambda gs, counts: _weighted(gs, counts, lambda c: c / max(counts)),
        "You divide the counts by the largest one; the shares should add up to 1, so by what instead?",
    ),
    Mistake(
        "softmax of the counts",
        _softmax_weights,
        "A softmax makes weights that add up to 1, but not in proportion to the counts: is there a "
        "simpler one?",
    ),
    Mistake(
        "counts of unit length",
        _norm_weights,
        "The weights should add up to 1, and yours have squares that do: divide by sum(counts).",
    ),
    Mistake(
        "whole numbers",
        lambda gs, counts: _weighted(gs, counts, lambda c: c // sum(counts)),
        "Every weight came out as 0: // rounds down. Which division keeps the fraction?",
    ),
    Mistake("NaN spreads", lambda gs, counts: _weighted(gs, counts, lambda c: c, sum(counts)), _EMPTY),
    Mistake(
        "every NaN a zero",
        lambda gs, counts: _weighted(
            [[gradient.nan_to_num() for gradient in own] for own in gs], counts, lambda c: c, sum(counts)
        ),
        _HIDDEN,
    ),
    Mistake("left out by its NaN", _by_its_nan, _HIDDEN),
    Mistake(
        "the first process",
        lambda gs, counts: list(gs[0]),
        "You return the gradients of the first process alone: what of the others?",
    ),
    Mistake(
        "the last process",
        lambda gs, counts: list(gs[-1]),
        "Only the last process is left in your result: where does the sum begin, and is it added to?",
    ),
    Mistake(
        "never added",
        lambda gs, counts: _of_all_processes(gs, counts, lambda c: c, sum(counts)),
        "Your result has an entry for every process; wanted is one for every parameter, the sum over "
        "processes. Does zip(*gradients) help?",
    ),
    Mistake(
        "added over parameters",
        _within_a_process,
        "You add up the parameters of a process; they stay apart, and it is the processes that are "
        "added. Does zip(*gradients) help?",
    ),
    Mistake(
        "first parameter alone",
        lambda gs, counts: reduced(gs, counts)[:1],
        "Only the first parameter comes back: does `return` stand inside the loop?",
    ),
    Mistake(
        "last parameter alone",
        lambda gs, counts: reduced(gs, counts)[-1],
        "One tensor came back; wanted is a list with one for every parameter. Where do you append?",
    ),
    Mistake(
        "joined",
        lambda gs, counts: torch.cat([total.flatten() for total in reduced(gs, counts)]),
        "All parameters came back in one tensor; wanted is a list with a tensor for each, of its shape. "
        "Do they have to be joined?",
    ),
    Mistake(
        "stacked",
        _stacked,
        "Parameters are of different shapes, so they cannot be stacked into one tensor: can you take one "
        "parameter at a time?",
    ),
    Mistake(
        "in place",
        _in_place,
        "You changed the gradients that you were given (mul_, add_, *= or +=): make new ones, will you?",
    ),
)
