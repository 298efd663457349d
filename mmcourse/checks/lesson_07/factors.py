"""Tensor fusion without the tensor: a module with a factor for each sense."""

from mmcourse.checks import Case, Exercise, Mistake, lazy
from mmcourse.checks.lesson_07 import factors_slips as slips

torch = lazy("torch")


def _case(batch, senses, out, rank):
    def make(generator):
        return senses, out, rank, [torch.randn(batch, width, generator=generator) for width in senses]

    return make


def _used(answer, senses, out, rank, embeddings):
    """What is wrong with the module as a module, or what it gives with parameters that are filled in here."""
    module = answer(senses, out, rank)
    if not isinstance(module, torch.nn.Module):
        return f"LowRankFusion(…) gives a {type(module).__name__}, wanted an nn.Module"
    found = {name: getattr(module, name, None) for name in ("factors", "weights", "bias")}
    missing = [name for name, value in found.items() if value is None]
    if missing:
        return f"the module has no attribute {missing[0]}: factors, weights and bias are asked for"
    factors = found["factors"]
    factors = factors.values() if hasattr(factors, "keys") else factors  # a ParameterDict is a way too
    mine = [*factors, found["weights"], found["bias"]]
    fault = _misshapen(mine, senses, out, rank) or _unregistered(module, mine, len(senses))
    if fault:
        return fault
    with torch.no_grad():
        for number, x in enumerate(mine):
            x.copy_(_wave(x, 1.3 + 0.1 * number))
    given = [x.clone().requires_grad_() for x in embeddings]
    kept = list(given)
    output = module(given)
    if len(given) != len(kept) or any(now is not before for now, before in zip(given, kept, strict=True)):
        return "forward changes the list of embeddings that it was given, which the caller may still need"
    if not isinstance(output, torch.Tensor) or output.shape != (len(embeddings[0]), out):
        shape = list(output.shape) if isinstance(output, torch.Tensor) else type(output).__name__
        return f"forward gives {shape}, wanted [{len(embeddings[0])}, {out}]"
    if not output.requires_grad:
        return "no gradient flows back from what forward gives"
    gradients = torch.autograd.grad(output, [*mine, *given], _wave(output, 1.0), allow_unused=True)
    untouched = [place for place, gradient in enumerate(gradients) if gradient is None]
    if untouched:
        return f"no gradient reaches {_name(untouched[0], len(senses))}, so it would never be trained"
    return output.detach()


def _wave(x, pace):
    """Numbers that repeat nowhere, in the shape of x."""
    return torch.sin(pace * (1 + torch.arange(x.numel(), dtype=x.dtype))).view(x.shape)


def _misshapen(mine, senses, out, rank):
    wanted = [*([rank, width + 1, out] for width in senses), [rank], [out]]
    if len(mine) != len(wanted):
        return f"there are {len(mine) - 2} factors for {len(senses)} senses"
    for place, (x, shape) in enumerate(zip(mine, wanted, strict=True)):
        if not isinstance(x, torch.Tensor) or list(x.shape) != shape:
            held = list(x.shape) if isinstance(x, torch.Tensor) else type(x).__name__
            return f"{_name(place, len(senses))} is {held}, wanted {shape}"
    return None


def _unregistered(module, mine, senses):
    known, buffers = ({id(x) for x in some} for some in (module.parameters(), module.buffers()))
    for place, x in enumerate(mine):
        name = _name(place, senses)
        if id(x) in buffers:
            return f"{name} is a buffer, so no optimiser would train it"
        if not isinstance(x, torch.nn.Parameter):
            return f"{name} is a plain tensor, so no optimiser would train it"
        if id(x) not in known:
            return f"{name} is not among module.parameters(), so no optimiser would train it"
    if len({id(x) for x in mine}) < len(mine):
        return "two senses share one factor"
    return None


def _name(place, senses):
    if place < senses:
        return f"factors[{place}]"
    return ("weights", "bias", *(f"embedding {number}" for number in range(senses)))[place - senses]


def _judge(got, wanted, args):
    if isinstance(got, str):
        return got
    worst = (got - wanted).abs().max().item()
    if got.dtype != wanted.dtype:
        return f"forward gives {got.dtype}, wanted {wanted.dtype}"
    if not worst <= 1e-4 * (1 + wanted.abs().max().item()):
        return (
            f"with the same parameters, forward gives {got.flatten()[0]:.4f} as its first number, wanted "
            f"{wanted.flatten()[0]:.4f}"
        )
    return None


_REGISTER = (
    "nn.Module finds parameters that are attributes, or stand in an nn.ParameterList; in a Python list "
    "or dict "
    "they are neither trained nor moved nor saved."
)
_PRODUCT = (
    "Within each rank the senses' vectors are multiplied, number by number; only then are the ranks added up."
)
_RANKS = _PRODUCT + " You add up the ranks first, in each sense, and a product of sums is no sum of products."
_WEIGHTS = (
    "The weights of the ranks do not reach the output as something to be learned: a plain sum or mean "
    "over ranks "
    "leaves them out, and detach() cuts them off. Return (weights[:, None, None] * made).sum(0) + bias."
)
_ONE = "Append a 1 to each embedding (07.6), so that what one sense says alone is in the product too: d + 1."

LowRankFusion = Exercise(
    id="07.7",
    name="LowRankFusion",
    title="The same without the tensor: low rank",
    difficulty=3,
    minutes=25,
    stub="a module that joins senses by factors [rank, d + 1, out], weights [rank] and a bias [out]",
    reference=slips.lazily(),
    call=_used,
    judge=_judge,
    variants=(),
    hints=(
        "A weight for every entry of the tensor is one large tensor itself. If that is a sum of `rank` "
        "products "
        "of vectors, must the tensor of 07.6 ever be written down?",
        "For one rank and one sense: x with its 1, [batch, d + 1], times a factor [d + 1, out]. What is done "
        "with the results of the senses, and what with those of the ranks?",
        "Parameters: nn.ParameterList of factors, torch.randn(rank, d + 1, out); weights and bias as "
        "nn.Parameter. x @ factor is [rank, batch, out] by broadcasting.",
        "made = product over senses of (extended(x) @ factor), [rank, batch, out]; return "
        "(weights[:, None, None] * made).sum(0) + bias.",
    ),
    cases=(
        Case("two senses, rank 1", _case(2, (2, 1), 3, 1)),
        Case("two senses", _case(4, (3, 5), 2, 4)),
        Case("three senses", _case(3, (2, 3, 4), 5, 2)),
        Case("a batch of one, one number out", _case(1, (4, 2), 1, 3)),
        Case("all sizes alike", _case(3, (3, 3, 3), 3, 3)),
    ),
    mistakes=(
        Mistake("in a list", slips.lazily(keep=slips.in_a_list), _REGISTER),
        Mistake(
            "as tensors",
            slips.lazily(keep=slips.as_tensors),
            "A tensor with requires_grad is no parameter yet: nn.Parameter(…). " + _REGISTER,
        ),
        Mistake(
            "as buffers",
            slips.lazily(keep=slips.as_buffers),
            "A buffer is saved and moved, but not trained: nn.Parameter.",
        ),
        Mistake(
            "weights fixed",
            slips.lazily(keep=slips.weights_fixed),
            "The weights of the ranks are learned too: nn.Parameter.",
        ),
        Mistake(
            "no weights",
            slips.lazily(slips.plain_weights, slips.no_weights),
            "Each rank has a weight, [rank], that is learned.",
        ),
        Mistake(
            "no bias",
            slips.lazily(slips.plain_bias, slips.no_bias),
            "A bias [out] is added in the end, and learned.",
        ),
        Mistake(
            "shared",
            slips.lazily(keep=slips.shared),
            "Each sense has a factor of its own, as wide as that sense.",
        ),
        Mistake("no 1", slips.lazily(slips.not_extended, one=0), _ONE),
        Mistake(
            "1 first",
            slips.lazily(slips.one_first),
            "The 1 is appended: it stands behind the features, not before them.",
        ),
        Mistake(
            "squeezed",
            slips.lazily(slips.squeezed),
            "squeeze() takes away every axis of size 1, that of a batch of one too: leave it out.",
        ),
        Mistake("added", slips.lazily(slips.added), _PRODUCT + " You add the senses."),
        Mistake(
            "weights unused",
            slips.lazily(slips.weights_ignored),
            _WEIGHTS,
        ),
        Mistake(
            "mean of ranks",
            slips.lazily(slips.mean_of_ranks),
            _WEIGHTS,
        ),
        Mistake(
            "weighted mean",
            slips.lazily(slips.weighted_mean),
            "The ranks are added up, not averaged: .sum(0).",
        ),
        Mistake(
            "softmax of weights",
            slips.lazily(slips.softmax_of_weights),
            "The weights are used as they are, and may be negative: no softmax over the ranks.",
        ),
        Mistake(
            "weights each sense",
            slips.lazily(slips.weights_each_sense),
            "A rank's weight counts once, after the senses are multiplied: in every sense's vector it would "
            "be multiplied with itself.",
        ),
        Mistake(
            "bias unused", slips.lazily(slips.bias_ignored), "The bias is there, and forward does not add it."
        ),
        Mistake(
            "two senses",
            slips.lazily(slips.two_senses),
            "There may be more than two senses: go over all of them.",
        ),
        *(Mistake(name, slips.lazily(slip), _RANKS) for name, slip in slips.RANKS_EARLY.items()),
        Mistake("detached", slips.lazily(slips.detached), _WEIGHTS),
        Mistake(
            "bias each rank",
            slips.lazily(slips.bias_each),
            "The bias is added once, after the sum over ranks.",
        ),
    ),
    noticing="With two senses and rank 40 this can hold more parameters than the tensor it avoids: saving "
    "begins with three senses, or a low rank.",
)
