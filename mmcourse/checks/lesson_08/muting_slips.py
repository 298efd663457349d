"""Modality dropout, right and as people get it wrong."""

from __future__ import annotations

from mmcourse.checks import lazy

torch = lazy("torch")


def drawn(embeddings, rate, generator):
    """True where a sense stays, drawn in one go: [batch, sense]."""
    return torch.rand(len(embeddings[0]), len(embeddings), generator=generator) >= rate


def applied(embeddings, present):
    return [x.masked_fill(~there[:, None], 0) for x, there in zip(embeddings, present.unbind(1), strict=True)]


def dropped(embeddings, rate, generator, training):
    if not training:
        return list(embeddings), torch.ones(len(embeddings[0]), len(embeddings), dtype=torch.bool)
    present = drawn(embeddings, rate, generator)
    present = present | ~present.any(1, keepdim=True)
    return applied(embeddings, present), present


def all_gone(embeddings, rate, generator, training):
    """An example may lose every sense."""
    if not training:
        return dropped(embeddings, rate, generator, training)
    present = drawn(embeddings, rate, generator)
    return applied(embeddings, present), present


def per_batch(embeddings, rate, generator, training):
    """The same senses for the whole batch."""
    if not training:
        return dropped(embeddings, rate, generator, training)
    present = torch.rand(1, len(embeddings), generator=generator) >= rate
    present = (present | ~present.any(1, keepdim=True)).expand(len(embeddings[0]), -1)
    return applied(embeddings, present), present


def features(embeddings, rate, generator, training):
    """Single numbers, as ordinary dropout."""
    present = torch.ones(len(embeddings[0]), len(embeddings), dtype=torch.bool)
    if not training:
        return list(embeddings), present
    kept = [torch.rand(x.shape, generator=generator) >= rate for x in embeddings]
    return [x * k for x, k in zip(embeddings, kept, strict=True)], present


def scaled(embeddings, rate, generator, training):
    """As dropout does: what stays is made larger."""
    made, present = dropped(embeddings, rate, generator, training)
    return ([x / (1 - rate) for x in made] if training else made), present


def always(embeddings, rate, generator, training):
    return dropped(embeddings, rate, generator, True)


def never(embeddings, rate, generator, training):
    return dropped(embeddings, rate, generator, False)


def ignores_generator(embeddings, rate, generator, training):
    return dropped(embeddings, rate, None, training)


def own_seed(embeddings, rate, generator, training):
    return dropped(embeddings, rate, torch.Generator().manual_seed(0), training)


def rate_turned(embeddings, rate, generator, training):
    return dropped(embeddings, 1 - rate, generator, training)


def in_place(embeddings, rate, generator, training):
    _, present = dropped(embeddings, rate, generator, training)
    for x, there in zip(embeddings, present.unbind(1), strict=True):
        x[~there] = 0
    return embeddings, present


def one_always(embeddings, rate, generator, training):
    """Exactly one sense is lost, with the rate."""
    if not training:
        return dropped(embeddings, rate, generator, training)
    rows = len(embeddings[0])
    lost = torch.rand(rows, generator=generator) < rate
    which = torch.randint(len(embeddings), (rows,), generator=generator)
    present = ~(lost[:, None] & (torch.arange(len(embeddings)) == which[:, None]))
    return applied(embeddings, present), present


def first_stays(embeddings, rate, generator, training):
    """Who would lose all keeps the first."""
    if not training:
        return dropped(embeddings, rate, generator, training)
    present = drawn(embeddings, rate, generator)
    present[:, 0] |= ~present.any(1)
    return applied(embeddings, present), present


def mask_turned(embeddings, rate, generator, training):
    made, present = dropped(embeddings, rate, generator, training)
    return made, ~present


def not_applied(embeddings, rate, generator, training):
    _, present = dropped(embeddings, rate, generator, training)
    return list(embeddings), present


def sense_first(embeddings, rate, generator, training):
    made, present = dropped(embeddings, rate, generator, training)
    return made, present.T


def two_only(embeddings, rate, generator, training):
    made, present = dropped(embeddings[:2], rate, generator, training)
    rest = list(embeddings[2:])
    return [*made, *rest], torch.cat([present, torch.ones(len(present), len(rest), dtype=torch.bool)], 1)


def drawn_again(embeddings, rate, generator, training):
    """One draw to mute, another to report."""
    made, _ = dropped(embeddings, rate, generator, training)
    return made, dropped(embeddings, rate, generator, training)[1]


def only_first(embeddings, rate, generator, training):
    """Only the first sense is ever lost."""
    if not training:
        return dropped(embeddings, rate, generator, training)
    present = torch.ones(len(embeddings[0]), len(embeddings), dtype=torch.bool)
    present[:, 0] = torch.rand(len(present), generator=generator) >= rate
    return applied(embeddings, present), present


def multiplied(embeddings, rate, generator, training):
    """By a mask of 0 and 1: NaN stays NaN."""
    _, present = dropped(embeddings, rate, generator, training)
    return [x * there[:, None] for x, there in zip(embeddings, present.unbind(1), strict=True)], present


def cut_off(embeddings, rate, generator, training):
    """No gradient goes back to the encoders."""
    made, present = dropped(embeddings, rate, generator, training)
    return [x.detach() for x in made], present


def single(embeddings, rate, generator, training):
    """Always float32."""
    made, present = dropped(embeddings, rate, generator, training)
    return [x.float() for x in made], present


def same_list(embeddings, rate, generator, training):
    """What came in, as it came."""
    made, present = dropped(embeddings, rate, generator, training)
    return (made if training else embeddings), present


def one_draw(embeddings, rate, generator, training):
    """One number an example for all senses: all are lost, so all stay."""
    if not training:
        return dropped(embeddings, rate, generator, training)
    present = torch.rand(len(embeddings[0]), 1, generator=generator).expand(-1, len(embeddings)) >= rate
    present = present | ~present.any(1, keepdim=True)
    return applied(embeddings, present), present
