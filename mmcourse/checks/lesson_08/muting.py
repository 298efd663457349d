"""Whole senses that are missing now and then in training: modality dropout."""

from mmcourse.checks import Case, Exercise, Mistake, lazy
from mmcourse.checks.lesson_08 import muting_slips as slips

torch = lazy("torch")


def _case(batch, widths, rate, training=True, seed=11, dtype="float32"):
    def make(generator):
        embeddings = [torch.randn(batch, width, generator=generator) + 3 for width in widths]
        embeddings = [x.to(getattr(torch, dtype)) for x in embeddings]
        return embeddings, rate, torch.Generator().manual_seed(seed), training

    return make


def _used(answer, embeddings, rate, generator, training):
    """The outcome, and what became of the generator and of the embeddings."""
    before, state = [x.clone() for x in embeddings], generator.get_state()
    embeddings = [x.clone().requires_grad_() * 1 for x in embeddings]  # of an encoder that learns
    made = answer(embeddings, rate, generator, training)
    moved = not torch.equal(state, generator.get_state())
    changed = any(not torch.equal(a, b) for a, b in zip(before, embeddings, strict=True))
    same_list = isinstance(made, (tuple, list)) and any(one is embeddings for one in made)
    made, cut = _without_graph(made)
    return made, moved, changed, cut, same_list, before, rate, training


def _without_graph(made):
    """The result with plain tensors, and whether gradients could flow back through all of them."""
    if not (isinstance(made, (tuple, list)) and len(made) == 2 and isinstance(made[0], (tuple, list))):
        return made, False
    tensors = [x for x in made[0] if isinstance(x, torch.Tensor)]
    cut = any(not x.requires_grad for x in tensors)
    return (type(made[0])(x.detach() if isinstance(x, torch.Tensor) else x for x in made[0]), made[1]), cut


def _judge(got, wanted, args):
    made, moved, changed, cut, same_list, before, rate, training = got
    rows, senses = len(before[0]), len(before)
    if not isinstance(made, (tuple, list)) or len(made) != 2:
        return "the result is a pair: the embeddings, and who is present"
    outputs, present = made
    if changed:
        return "the embeddings that were handed in have changed"
    if (
        not isinstance(present, torch.Tensor)
        or present.dtype != torch.bool
        or present.shape != (rows, senses)
    ):
        shape = list(present.shape) if isinstance(present, torch.Tensor) else type(present).__name__
        kind = getattr(present, "dtype", "no tensor")
        return f"present is {shape} of {kind}, wanted [{rows}, {senses}] of True and False"
    if not isinstance(outputs, (tuple, list)) or [tuple(x.shape) for x in outputs] != [
        tuple(x.shape) for x in before
    ]:
        return "the embeddings must come back as a list, each in its shape"
    if [x.dtype for x in outputs] != [x.dtype for x in before]:
        return f"an embedding of {before[0].dtype} has come back in another type"
    if same_list:
        return "the list that was handed in has come back: a new one is wanted"
    if cut:
        return "no gradient flows back through the embeddings"
    if not training:
        if moved:
            return "outside training nothing is drawn, and the generator has moved"
        same = all(torch.equal(a, b) for a, b in zip(outputs, before, strict=True))
        return None if same and present.all() else "outside training every sense stays as it is"
    return _drawn(outputs, present, before, rate, moved)


def _drawn(outputs, present, before, rate, moved):
    """What must hold of what is drawn, whichever way it was drawn."""
    for place, (x, old) in enumerate(zip(outputs, before, strict=True)):
        there = present[:, place]
        if not torch.equal(x[there], old[there]):
            single = (x[there] == 0) & (old[there] != 0)
            what = "some features of" if single.any() else "all numbers of"
            return f"{what} sense {place} have changed in examples that keep it"
        if (x[~there] != 0).any() or x[~there].isnan().any():
            return f"sense {place} is not 0 in examples that lose it"
    if not present.any(1).all():
        return f"{int((~present.any(1)).sum())} of {len(present)} examples lose every sense"
    if rate == 0:
        return None if present.all() else "at a rate of 0 a sense was lost"
    if not moved:
        return "no example loses a sense" if present.all() else "the generator was not used"
    return _frequencies(present, rate)


def _frequencies(present, rate):
    """Each sense is lost independently; of an example that would lose all, every sense stays."""
    rows, senses = present.shape
    if rows < 200:
        return None
    expected = rate - rate**senses
    for place in range(senses):
        share = (~present[:, place]).double().mean().item()
        if abs(share - expected) > 5 * (expected * (1 - expected) / rows) ** 0.5:
            return f"sense {place} is lost in {share:.3f} of the examples, wanted about {expected:.3f}"
    if senses > 2:
        both = (~present[:, :2]).all(1).double().mean().item()
        wanted = rate**2 - rate**senses
        if abs(both - wanted) > 5 * (wanted * (1 - wanted) / rows) ** 0.5:
            return (
                f"senses 0 and 1 are lost together in {both:.3f} of the examples, wanted about {wanted:.3f}"
            )
    return None


_EXAMPLE = "Each example draws for itself: torch.rand(batch, sense)."
_WHOLE = "A whole sense is lost, all of its features: one draw an example and sense, not one a feature."
_GENERATOR = "Hand the generator to torch.rand(…, generator=generator), or nobody can repeat the run."
_NOBODY = (
    "An example that would lose every sense keeps them all: nothing could be learned from it. present | "
    "~present.any(1, keepdim=True) puts them back."
)

modality_dropout = Exercise(
    id="08.2",
    name="modality_dropout",
    title="Learning to do without",
    difficulty=2,
    minutes=15,
    stub="in training, set whole senses of single examples to 0, never all; say which are left",
    parameters=("embeddings", "rate", "generator", "training"),
    reference=slips.dropped,
    call=_used,
    judge=_judge,
    variants=(),
    hints=(
        "Ordinary dropout draws for each number. What is drawn here, and how many draws does a batch need?",
        "torch.rand(batch, sense, generator=generator) >= rate is True where a sense stays. What of the rows "
        "in which nothing is True?",
        "present = drawn | ~drawn.any(1, keepdim=True). How does column s of it set rows of embedding s "
        "to 0, "
        "without changing the tensor that came in?",
        "if not training: return list(embeddings), all True. Else: [x.masked_fill(~present[:, s, None], "
        "0) for "
        "s, x in enumerate(embeddings)], present.",
    ),
    cases=(
        Case("four examples, two senses", _case(4, (2, 3), 0.5)),
        Case("thousands of examples", _case(4000, (2, 1), 0.3)),
        Case("a high rate", _case(4000, (1, 2), 0.8, seed=12)),
        Case("three senses", _case(6000, (1, 1, 2), 0.3, seed=13)),
        Case("a rate of 0", _case(5, (2, 2), 0.0)),
        Case("not in training", _case(6, (2, 3), 0.7, training=False)),
        Case("in float64", _case(7, (3, 2), 0.4, seed=15, dtype="float64")),
        Case("in half precision", _case(7, (3, 2), 0.4, seed=15, dtype="float16")),
        Case("a batch of one", _case(1, (3, 2), 0.6)),
        Case("as many senses as examples", _case(2, (2, 2), 0.5, seed=14)),
    ),
    mistakes=(
        Mistake("all gone", slips.all_gone, _NOBODY),
        Mistake("per batch", slips.per_batch, _EXAMPLE),
        Mistake("features", slips.features, _WHOLE),
        Mistake(
            "scaled",
            slips.scaled,
            "What stays is not made larger: the sum over senses is no sum of many, and `present` says "
            "what is missing.",
        ),
        Mistake(
            "always",
            slips.always,
            "Outside training nothing is dropped, and nothing drawn: look at `training`.",
        ),
        Mistake("never", slips.never, "In training senses must be lost now and then."),
        Mistake("no generator", slips.ignores_generator, _GENERATOR),
        Mistake("own seed", slips.own_seed, _GENERATOR),
        Mistake(
            "rate turned",
            slips.rate_turned,
            "`rate` is the chance to *lose* a sense: it stays where the draw is rate or more.",
        ),
        Mistake(
            "in place",
            slips.in_place,
            "Do not change the embeddings that came in: masked_fill without _ makes new ones.",
        ),
        Mistake(
            "at most one",
            slips.one_always,
            "Each sense is lost with its own draw, so an example may lose two of three.",
        ),
        Mistake(
            "first stays",
            slips.first_stays,
            "An example that would lose all keeps *all*, not always the same sense: that one would be "
            "missing less often than the others.",
        ),
        Mistake("mask turned", slips.mask_turned, "`present` is True where a sense is still there."),
        Mistake("not applied", slips.not_applied, "Where `present` is False the embedding must be 0."),
        Mistake("sense first", slips.sense_first, "present is [batch, sense]."),
        Mistake("two only", slips.two_only, "There may be more than two senses: go over all of them."),
        Mistake(
            "drawn again", slips.drawn_again, "You draw twice: what is muted and what `present` says differ."
        ),
        Mistake(
            "cut off",
            slips.cut_off,
            "Encoders learn through what stays: no detach, no .data, no torch.no_grad().",
        ),
        Mistake(
            "float32",
            slips.single,
            "Each embedding keeps its type: x.masked_fill(…, 0) does, float() and masks of floats do not.",
        ),
        Mistake(
            "same list",
            slips.same_list,
            "Outside training too a new list is wanted, list(embeddings): the caller may change its own.",
        ),
        Mistake(
            "one draw",
            slips.one_draw,
            "One number decides over all senses of an example: each sense draws its own.",
        ),
        Mistake("only the first", slips.only_first, "Every sense can be lost, not only the first."),
    ),
    noticing="The model now meets in training what it may meet in use. How much that helps where nothing is "
    "missing, lesson 8 measures.",
)
