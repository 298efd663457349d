"""Drop some numbers at random, so that no network relies on a single one."""

from mmcourse.checks import Case, Exercise, Mistake, lazy
from mmcourse.checks.lesson_03 import dropout_slips as slips

torch = lazy("torch")


def _use(answer, x, p, training, generator):
    """The answer's output; of two generators, both outputs."""
    if isinstance(generator, (list, tuple)):
        return tuple(answer(x, p, training, one) for one in generator)
    return answer(x, p, training, generator)


def _judge(got, wanted, args):
    """A sentence on what is wrong with `got`; its numbers are random, so their share and size count."""
    x, p, training, generator = args.args
    if isinstance(wanted, tuple):
        return _judge_several(got, [one.initial_seed() for one in generator])
    if not isinstance(got, torch.Tensor):
        return f"The output is a {type(got).__name__}, and a tensor is wanted."
    if got.shape != x.shape or got.dtype != x.dtype:
        return (
            f"The output is {got.dtype} of shape {list(got.shape)}; it has the dtype and shape of x, "
            f"{x.dtype} "
            f"of shape {list(x.shape)}."
        )
    got, x = got.detach().to("cpu", torch.float64), x.detach().to("cpu", torch.float64)
    if not got.isfinite().all():
        return "There are numbers in the output that are not finite."
    if not training or p == 0:
        lost = int((got == 0).sum())
        wish = f"With training={training} and p={p:g}, x itself is wanted; {lost} of {x.numel()} came as 0."
        return "" if _same(got, x) else wish
    if p == 1:
        return "" if not got.any() else "With p=1 everything is dropped."
    return _judge_random(got, x, p)


def _same(got, wanted):
    return bool(((got - wanted).abs() <= 1e-5 * (1 + wanted.abs())).all())


def _judge_random(got, x, p):
    """Whether each entry is 0 or scaled, and the right share is 0, in every row and column."""
    dropped = got == 0
    kept = x[~dropped]
    if _same(got, x):
        return f"With training=True and p={p:g} nothing was dropped: x came back."
    if not _same(got[~dropped], kept / (1 - p)):
        for factor, form in ((1, "x"), (1 - p, "x · (1 − p)"), (1 / p, "x / p"), (p, "x · p")):
            if _same(got[~dropped], kept * factor):
                if form == "x / p" and abs(dropped.double().mean().item() - 1 + p) < 0.1:
                    return f"The share of zeros is about 1 − p, and what is not 0 came as x / p; p = {p:g}."
                return f"What is not 0 came as {form}, wanted x / (1 − p)."
        if (x != 1).any() and float(got[~dropped].std()) < 1e-6:
            return "What is not 0 is the same everywhere, and does not depend on x."
        return "There are entries that are neither 0 nor x / (1 − p)."
    share = dropped.double().mean().item()
    if x.numel() < 1000:
        return ""
    for axis, name in ((0, "columns"), (1, "rows")):
        if 0 < share < 1 and float(dropped.double().mean(dim=axis).std()) > 0.25 * (p * (1 - p)) ** 0.5:
            return f"Whole {name} are dropped together; every entry is drawn by itself."
    if abs(share - p) > 5 * (p * (1 - p) / x.numel()) ** 0.5:
        return f"The share of zeros is about {share:.1f} in {x.numel()} entries, and p = {p:g}."
    return ""


def _judge_several(got, seeds):
    """Whether two outputs are equal exactly where their generators are; whether more drop equally many."""
    if not all(isinstance(one, torch.Tensor) for one in got):
        return "The output is no tensor."
    if len(got) > 2:
        counts = {int((one == 0).sum()) for one in got}
        same = (
            f"{len(got)} generators of different seeds all dropped {min(counts)} of {got[0].numel()} entries."
        )
        return "" if len(counts) > 1 else same
    equal = torch.equal(*got)
    if seeds[0] == seeds[1] and not equal:
        return "Two generators of the same seed gave different outputs."
    if seeds[0] != seeds[1] and equal:
        return "Two generators of different seeds dropped the same entries."
    return ""


def _ones(generator, *shape):
    return torch.ones(*shape), torch.Generator().manual_seed(_seed(generator))


def _seed(generator):
    return int(torch.randint(1 << 30, (), generator=generator))


def _random(generator, p, training, *shape):
    x = torch.randn(*shape, generator=generator) + 4
    return x, p, training, torch.Generator().manual_seed(_seed(generator))


def _twice(generator, apart):
    seed = _seed(generator)
    pair = [torch.Generator().manual_seed(seed + extra) for extra in (0, apart)]
    return torch.ones(20, 20), 0.5, True, pair


def _many(generator):
    """Seven generators, each with a seed of its own: by chance they never drop equally many of 400."""
    seed = _seed(generator)
    return torch.ones(20, 20), 0.5, True, [torch.Generator().manual_seed(seed + extra) for extra in range(7)]


def _tiny(_generator):
    return torch.arange(1.0, 9.0), 0.5, True, torch.Generator().manual_seed(7)


_SIZE = (
    "What is kept has to grow by 1 / (1 − p): then a sum over many entries is, on average, as large as "
    "without "
    "dropout, and nothing changes in use."
)
_P = "p is the share that is dropped, not the share that is kept: an entry is kept where rand ≥ p."
_MASK = "You returned the mask itself; multiply x by it."
_GENERATOR = "Draw with the generator you are given: torch.rand(x.shape, generator=generator)."
_EACH = "One draw decides for several entries; torch.rand(x.shape) draws for every entry by itself."

dropout = Exercise(
    id="03.9",
    name="dropout",
    title="Dropout",
    difficulty=2,
    minutes=10,
    stub="in training, set a random share p to 0 and enlarge the rest",
    parameters=("x", "p", "training", "generator"),
    reference=slips.dropout,
    call=_use,
    judge=_judge,
    hints=(
        "Half of the entries become 0. By how much must the others grow for the sum to stay about the same?",
        "torch.rand gives numbers from 0 to 1, evenly. Which share of them lies below p? And what is left to "
        "do when training is False?",
        "Unless training: return x. kept = torch.rand(x.shape, generator=generator) >= p; return x * kept / "
        "(1 − p). For p = 1 nothing is left: zeros.",
    ),
    cases=(
        Case("eight numbers", _tiny, gradient=False),
        Case("in use", lambda g: _random(g, 0.5, False, 3, 4)),
        Case("a fifth of many", lambda g: _random(g, 0.2, True, 200, 100), gradient=False),
        Case("most of many", lambda g: _random(g, 0.7, True, 100, 200), gradient=False),
        Case("p = 0", lambda g: _random(g, 0.0, True, 3, 4)),
        Case("two generators of one seed", lambda g: _twice(g, 0), gradient=False),
        Case("two generators of different seeds", lambda g: _twice(g, 1), gradient=False),
        Case("seven generators of different seeds", _many, gradient=False),
        Case("p = 1, in use", lambda g: _random(g, 1.0, False, 4, 5), gradient=False),
        Case("p = 1", lambda g: _random(g, 1.0, True, 4, 5), gradient=False),
    ),
    mistakes=(
        Mistake("not scaled", slips.not_scaled, _SIZE),
        Mistake(
            "scaled in use",
            slips.scaled_in_use,
            "You shrink in use instead of enlarging in training. Do all of it in training, x / (1 − p): then "
            "the network in use needs no change at all.",
        ),
        Mistake("always", slips.always, "You drop in use too: unless training, return x as it is."),
        Mistake(
            "always, not scaled", slips.always_not_scaled, "You drop in use too, and do not enlarge. " + _SIZE
        ),
        Mistake(
            "never",
            slips.never,
            "You never drop in training: is the question about training the wrong way round?",
        ),
        Mistake(
            "in use only", slips.in_use_only, "You drop in use and not in training: turn the condition round."
        ),
        Mistake("divided by p", slips.divided_by_p, "You divided by p; the share that is kept is 1 − p."),
        Mistake(
            "multiplied", slips.times, "You multiplied by 1 − p; what is kept has to grow, so divide by it."
        ),
        Mistake("p kept", slips.p_kept, _P),
        Mistake("p kept, scaled", slips.p_kept_scaled_as_asked, _P),
        Mistake("rows", slips.rows, _EACH),
        Mistake("columns", slips.columns, _EACH),
        Mistake("one draw", slips.one_draw, _EACH),
        Mistake(
            "exact share",
            slips.exact_share,
            "You always drop the same number of entries. Each is drawn by itself, so the number varies by "
            "chance: compare a torch.rand of the shape of x with p.",
        ),
        Mistake(
            "p = 1 before training",
            slips.all_before_training,
            "You ask about p = 1 before you ask about training: unless training, return x, whatever p is.",
        ),
        Mistake(
            "normal",
            slips.normal,
            "torch.randn draws from the bell curve; torch.rand draws evenly between 0 and 1, of which a "
            "share "
            "of p lies below p.",
        ),
        Mistake("global generator", slips.global_generator, _GENERATOR),
        Mistake(
            "fixed seed",
            slips.fixed_seed,
            "Your seed is fixed, so the same entries drop in every step. " + _GENERATOR,
        ),
        Mistake(
            "0 / 0",
            slips.zero_over_zero,
            "With p = 1 you divide 0 by 0, which is NaN: nothing is kept, so return zeros.",
        ),
        Mistake(
            "division by zero",
            slips.division_by_zero,
            "With p = 1 you divide by 1 − p = 0: nothing is kept, so return zeros.",
        ),
        Mistake("mask", slips.mask, _MASK),
        Mistake("mask, not scaled", slips.mask_not_scaled, _MASK),
    ),
    noticing="Every training step sees another thinned network, and in use all of them answer together. "
    "Forget model.eval() and the answers stay random.",
    gradient=True,
    variants=("non-contiguous", "float64"),
)
